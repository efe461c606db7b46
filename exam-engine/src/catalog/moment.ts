import { ok, refuse, type Result } from '@vigie/kernel/result'
import type { Instant } from '@vigie/kernel/instant'

export type MomentFault = 'moment-malformed' | 'moment-nonexistent'

const DAY_FIRST =
  /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: à| at)?[ T]+(\d{1,2})(?:[:h](\d{2})|h)(?::(\d{2}))?$/i
const YEAR_FIRST = /^(\d{4})-(\d{1,2})-(\d{1,2})[ T]+(\d{1,2})(?:[:h](\d{2})|h)(?::(\d{2}))?$/i
const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})$/i

/**
 * A date and hour as people and spreadsheets write them: « 14/12/2026 16:00 », « 14/12/2026 à 16h00 », « 2026-12-14
 * 16:00 », or with its own offset « 2026-12-14T16:00+01:00 ». Days come before months. An hour that the change to or
 * from summer time skips or doubles is refused: nobody could say which one is meant.
 */
export function readMoment(text: string, zone: string): Result<Instant, MomentFault> {
  const written = text.trim()
  try {
    if (WITH_OFFSET.test(written))
      return ok(Temporal.Instant.from(written.replace(' ', 'T')).epochMilliseconds)
    const parts = partsOf(written)
    if (!parts) return refuse('moment-malformed')
    const [year, month, day, hour, minute, second] = parts
    const plain = Temporal.PlainDateTime.from(
      { year, month, day, hour, minute, second },
      { overflow: 'reject' },
    )
    return ok(plain.toZonedDateTime(zone, { disambiguation: 'reject' }).epochMilliseconds)
  } catch (error) {
    if (error instanceof RangeError) return refuse('moment-nonexistent')
    throw error
  }
}

type Parts = readonly [number, number, number, number, number, number]

function partsOf(written: string): Parts | null {
  const early = YEAR_FIRST.exec(written)
  if (early) return numbers(early[1], early[2], early[3], early[4], early[5], early[6])
  const late = DAY_FIRST.exec(written)
  return late && numbers(late[3], late[2], late[1], late[4], late[5], late[6])
}

const numbers = (...texts: (string | undefined)[]): Parts =>
  texts.map((text) => Number(text ?? '0')) as unknown as Parts
