import type { Save } from '@vigie/contract/attempt/answers'
import type { AsideCause } from '@vigie/exam-engine/attempt/besides'
import { canonicalAnswers, checkDraft } from '@vigie/exam-engine/attempt/draft'
import { digest, type Digest } from '@vigie/exam-engine/attempt/ids'
import type { Answers } from '@vigie/exam-engine/catalog/paper'
import type { Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import type { Papers } from '../catalog/store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Reader } from '../platform/database.ts'
import { randomSalt, sha256 } from '../platform/keys.ts'
import { Refused } from '../platform/refused.ts'
import type { Act } from './act.ts'
import { latestDrafts } from './store.ts'

interface SetAsideDeps {
  readonly act: Act
  readonly clock: Clock
  readonly papers: Papers
}

/** Answers that do not count and are kept all the same, as evidence [ROOM-05] [ATT-06]. */
export interface AsideAnswers {
  readonly cause: AsideCause
  readonly lease: number
  readonly number: number
  readonly at: Instant
  readonly answeredCount: number
  readonly digest: Digest
  readonly answers: Answers
}

/** More of one page than anybody needs to see that it went on. */
const MOST_OF_A_PAGE = 200

/** Why a refused save is kept; null: its page will send it again, or it was no answer. */
function causeOf(refusal: string): AsideCause | null {
  switch (refusal) {
    case 'lease-superseded':
      return 'superseded'
    case 'closed':
    case 'sealed':
      return 'too-late'
    default:
      return null
  }
}

const answersIn = (canonical: string): Answers =>
  Object.fromEntries(JSON.parse(canonical) as [string, string[]][]) as Answers

const TABLE = { superseded: 'superseded_save', 'too-late': 'late_save' } as const

/** How many saves of this page are kept, and whether this one is. */
async function kept(tx: Reader, cause: AsideCause, attempt: string, { lease, number }: Save) {
  return tx
    .selectFrom(TABLE[cause])
    .select([
      sql<number>`count(*)::int`.as('count'),
      sql<boolean>`coalesce(bool_or(number = ${number}), false)`.as('known'),
    ])
    .where('attempt_id', '=', attempt)
    .where('lease', '=', lease)
    .executeTakeFirstOrThrow()
}

/** Keeps a save that was refused because it came too late or from a page that was taken over; other refusals are not its. */
export type SetAside = (attempt: string, save: Save, refusal: string) => Promise<void>

/** Kept, its digest in the chain; the same number of the same page again changes nothing. */
export function createSetAside({ act, clock, papers }: SetAsideDeps): SetAside {
  return async (attempt, save, refusal) => {
    const cause = causeOf(refusal)
    if (!cause) return
    const salt = randomSalt()
    const { lease, number } = save
    let text = ''
    let answeredCount = 0
    await act(
      attempt,
      async (tx, { state }) => {
        const sitting = 'sitting' in state ? state.sitting : null
        const before = await kept(tx, cause, attempt, save)
        let repeated = sitting === null || before.known || before.count >= MOST_OF_A_PAGE
        if (!repeated && sitting) {
          const stored = (await latestDrafts(tx, [attempt])).get(attempt)
          const standing = stored ? answersIn(stored.answers) : {}
          const checked = checkDraft(
            await papers.of(tx, state.booking.paperId),
            cause === 'too-late' ? sitting.closedParts.map((part) => part.partId) : [],
            standing,
            save.answers,
          )
          // A late page puts it right and sends again; one that was taken over is to hear that, and nothing else.
          if (!checked.ok && cause === 'too-late')
            throw new Refused(checked.refusal.code, { question: checked.refusal.questionId })
          if (checked.ok) {
            text = checked.value.canonical
            answeredCount = checked.value.answeredCount
          }
          // A page that comes back late with what is stored already has lost nothing.
          repeated = !checked.ok || (cause === 'too-late' && text === canonicalAnswers(standing))
        }
        return {
          type: 'setAnswersAside',
          by: { role: 'system' },
          cause,
          from: lease,
          number,
          digest: digest.parse(sha256(salt + text)),
          answeredCount,
          repeated,
        }
      },
      async (tx, _change, events) => {
        if (!events.some(({ type }) => type === 'answers-set-aside')) return
        const row = { attempt_id: attempt, lease, number, at: clock.now(), salt, answers: text }
        if (cause === 'superseded') await tx.insertInto('superseded_save').values(row).execute()
        else
          await tx
            .insertInto('late_save')
            .values({ ...row, answered_count: answeredCount })
            .execute()
      },
    )
  }
}

/** The rows themselves, with their salts: for an export, the candidate's copy. */
export async function asideRows(db: Reader, attempt: string) {
  const columns = ['lease', 'number', 'at', 'salt', 'answers'] as const
  const of = (cause: AsideCause) =>
    db.selectFrom(TABLE[cause]).select(columns).where('attempt_id', '=', attempt).orderBy('at').execute()
  return [
    ...(await of('superseded')).map((row) => ({ cause: 'superseded' as const, ...row })),
    ...(await of('too-late')).map((row) => ({ cause: 'too-late' as const, ...row })),
  ]
}

/** What was set aside of an attempt, oldest first; rows from before they entered the chain are not among it. */
export async function asideOf(db: Reader, attempt: string): Promise<AsideAnswers[]> {
  return (await asideRows(db, attempt))
    .flatMap(({ salt, answers: text, ...row }) => {
      if (salt === null) return []
      const answers = answersIn(text)
      const answeredCount = Object.keys(answers).length
      return [{ ...row, answeredCount, digest: digest.parse(sha256(salt + text)), answers }]
    })
    .sort((a, b) => a.at - b.at || a.number - b.number)
}
