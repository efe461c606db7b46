import type { Remark } from '@vigie/contract/supervision/view'
import type { Actor as Speaker } from '@vigie/exam-engine/attempt/actor'
import { textId } from '@vigie/exam-engine/attempt/ids'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import type { WarnReason } from '@vigie/exam-engine/supervision/reasons'
import type { Instant } from '@vigie/kernel/instant'
import type { Actor } from '../accounts/actor.ts'
import type { Act } from '../attempt/act.ts'
import type { Publisher } from '../attempt/publish.ts'
import type { Clock } from '../platform/clock.ts'
import { uuidv7 } from '../platform/ids.ts'
import { randomSalt } from '../platform/keys.ts'
import { auditInRole } from './auditInRole.ts'
import { remarkText, textDigest } from './keptText.ts'
import { addRemark } from './store.ts'

interface RemarkDeps {
  readonly act: Act
  readonly clock: Clock
  readonly publisher: Publisher
}

interface Author {
  readonly id: string
  readonly name: string
  /** As the chain names them: a role depends on the session. */
  readonly by: (state: AttemptState) => Speaker
}

export interface Flag {
  readonly category: string
  readonly severity: 'low' | 'medium' | 'high'
  readonly at?: Instant | undefined
  readonly text: string
}

type Said = Pick<
  Parameters<typeof addRemark>[1],
  'at' | 'code' | 'severity' | 'shown_to_candidate' | 'text'
> & {
  readonly kind: 'note' | 'flag' | 'warning'
}

/** What people notice about an attempt: rows beside its events, whose digests its chain holds [EVD-04]. */
export function createRemarks({ act, clock, publisher }: RemarkDeps) {
  async function keep(attempt: string, author: Author, actor: Actor, said: Said): Promise<Remark> {
    const id = textId.parse(uuidv7(clock.now()))
    const row = { ...said, id, attempt_id: attempt, author_id: author.id, detail: {}, salt: randomSalt() }
    let kept: Remark | null = null
    await act(
      attempt,
      async (_tx, { state }) => ({
        type: 'keepText',
        by: author.by(state),
        kind: said.kind,
        textId: id,
        digest: textDigest(row.salt, remarkText(row)),
        repeated: false,
      }),
      async (tx) => {
        kept = await addRemark(tx, row, author.name)
        await auditInRole(tx, clock, {
          actor,
          action: `supervision.${said.kind}`,
          attempt,
          detail: { remark: id, code: said.code, severity: said.severity },
        })
      },
    )
    await publisher.show(attempt)
    return kept!
  }

  return {
    note: (
      attempt: string,
      author: Author,
      actor: Actor,
      text: string,
      shownToCandidate: boolean,
    ): Promise<Remark> =>
      keep(attempt, author, actor, {
        at: clock.now(),
        kind: 'note',
        code: 'note',
        severity: null,
        shown_to_candidate: shownToCandidate,
        text,
      }),
    /** A warning is shown to the candidate with the words of its code; they say when they have read it. */
    warn: (
      attempt: string,
      author: Author,
      actor: Actor,
      reason: WarnReason,
      text: string,
    ): Promise<Remark> =>
      keep(attempt, author, actor, {
        at: clock.now(),
        kind: 'warning',
        code: reason,
        severity: null,
        shown_to_candidate: true,
        text,
      }),
    flag: (attempt: string, author: Author, actor: Actor, flag: Flag): Promise<Remark> =>
      keep(attempt, author, actor, {
        at: flag.at ?? clock.now(),
        kind: 'flag',
        code: flag.category,
        severity: flag.severity,
        shown_to_candidate: false,
        text: flag.text,
      }),
  }
}

export type Remarks = ReturnType<typeof createRemarks>
