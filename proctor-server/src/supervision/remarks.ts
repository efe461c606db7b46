import type { Remark } from '@vigie/contract/supervision/view'
import type { WarnReason } from '@vigie/exam-engine/supervision/reasons'
import type { Instant } from '@vigie/kernel/instant'
import type { Actor } from '../accounts/actor.ts'
import type { Publisher } from '../attempt/publish.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import { addRemark } from './store.ts'

interface RemarkDeps {
  readonly db: Database
  readonly clock: Clock
  readonly publisher: Publisher
}

interface Author {
  readonly id: string
  readonly name: string
}

export interface Flag {
  readonly category: string
  readonly severity: 'low' | 'medium' | 'high'
  readonly at?: Instant | undefined
  readonly text: string
}

/** What people notice about an attempt beside its own events: notes and flags. */
export function createRemarks({ db, clock, publisher }: RemarkDeps) {
  async function keep(
    attempt: string,
    actor: Actor | null,
    remark: Omit<Parameters<typeof addRemark>[1], 'id' | 'attempt_id'>,
    author: string | null,
  ): Promise<Remark> {
    const kept = await db.transaction().execute(async (tx) => {
      const row = await addRemark(tx, { ...remark, id: uuidv7(clock.now()), attempt_id: attempt }, author)
      if (actor)
        await audit(tx, clock, {
          actor,
          action: `supervision.${remark.kind}`,
          attempt,
          detail: { remark: row.id, code: remark.code, severity: remark.severity },
        })
      return row
    })
    await publisher.show(attempt)
    return kept
  }

  return {
    note: (
      attempt: string,
      author: Author,
      actor: Actor,
      text: string,
      shownToCandidate: boolean,
    ): Promise<Remark> =>
      keep(
        attempt,
        actor,
        {
          at: clock.now(),
          kind: 'note',
          code: 'note',
          severity: null,
          author_id: author.id,
          shown_to_candidate: shownToCandidate,
          text,
          detail: {},
        },
        author.name,
      ),
    /** A warning is shown to the candidate with the words of its code; they say when they have read it. */
    warn: (
      attempt: string,
      author: Author,
      actor: Actor,
      reason: WarnReason,
      text: string,
    ): Promise<Remark> =>
      keep(
        attempt,
        actor,
        {
          at: clock.now(),
          kind: 'warning',
          code: reason,
          severity: null,
          author_id: author.id,
          shown_to_candidate: true,
          text,
          detail: {},
        },
        author.name,
      ),
    flag: (attempt: string, author: Author, actor: Actor, flag: Flag): Promise<Remark> =>
      keep(
        attempt,
        actor,
        {
          at: flag.at ?? clock.now(),
          kind: 'flag',
          code: flag.category,
          severity: flag.severity,
          author_id: author.id,
          shown_to_candidate: false,
          text: flag.text,
          detail: {},
        },
        author.name,
      ),
  }
}

export type Remarks = ReturnType<typeof createRemarks>
