import type { LedgerLine } from '@vigie/contract/attempt/view'
import { m } from '#lib/paraglide/messages.js'
import { ownZone, secondOfDay } from '#lib/shell/moments.ts'
import { inWords } from '#lib/ui/duration.ts'

const KINDS: Readonly<Record<LedgerLine['kind'], () => string>> = {
  hold: m.attempt_ledger_hold,
  break: m.attempt_ledger_break,
  outage: m.attempt_ledger_outage,
  'candidate-outage': m.attempt_ledger_candidate_outage,
  added: m.attempt_ledger_added,
  removed: m.attempt_ledger_removed,
  reactivation: m.attempt_ledger_reactivation,
}

/**
 * One change of the time, the same words for candidate, proctor and reviewer [TIM-01]:
 * « + 2 min 10 s : coupure du service, 16:12:04 – 16:14:14 ».
 */
export function ledgerWords(
  line: Pick<LedgerLine, 'kind' | 'from' | 'to' | 'seconds'>,
  language: string,
): string {
  const duration = inWords(Math.abs(line.seconds) * 1_000, language)
  const moment = (at: number) => secondOfDay(at, ownZone(), language)
  return m.attempt_ledger_line({
    change: (line.seconds < 0 ? m.attempt_ledger_debit : m.attempt_ledger_credit)({ duration }),
    what: KINDS[line.kind](),
    when: line.from === line.to ? moment(line.from) : `${moment(line.from)} – ${moment(line.to)}`,
  })
}
