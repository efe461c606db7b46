import { setImmediate } from 'node:timers/promises'
import type { Bulk } from '@vigie/contract/supervision/socket'
import type { AttemptId } from '@vigie/exam-engine/attempt/ids'
import { toRefusal } from '../platform/command.ts'
import { sha256 } from '../platform/keys.ts'
import type { Log } from '../platform/log.ts'

/** Attempts worked on at once: a fire alarm must not take the database from those who save. */
const AT_ONCE = 4

/** The id of one attempt's line of a message to all: the same when the message is sent again. */
export function derivedId(key: string, attempt: string): string {
  const hash = sha256(`${key}:${attempt}`)
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `a${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-')
}

export interface BulkOutcome {
  readonly done: number
  readonly refused: { readonly attempt: AttemptId; readonly code: string }[]
}

/**
 * One action on many candidates [SUP-06]: each is authorised, decided and audited by itself, a few at a time with a
 * tick of the loop between them, so that drafts go on being saved meanwhile. Whoever is refused is named, the rest is
 * done.
 */
export async function doToMany(
  { attempts }: Pick<Bulk, 'attempts'>,
  one: (attempt: AttemptId) => Promise<unknown>,
  log: Log,
): Promise<BulkOutcome> {
  const refused: { attempt: AttemptId; code: string }[] = []
  const all = [...new Set(attempts)]
  for (let from = 0; from < all.length; from += AT_ONCE) {
    await Promise.all(
      all.slice(from, from + AT_ONCE).map(async (attempt) => {
        try {
          await one(attempt)
        } catch (error) {
          // One that fails must not keep the others from being told that there is a fire.
          refused.push({ attempt, code: toRefusal(error, log).code })
        }
      }),
    )
    await setImmediate()
  }
  return { done: all.length - refused.length, refused }
}
