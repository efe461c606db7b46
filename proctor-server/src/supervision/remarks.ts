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
import { Refused } from '../platform/refused.ts'
import { randomSalt } from '../platform/keys.ts'
import { auditInRole } from './auditInRole.ts'
import { remarkText, textDigest } from './keptText.ts'
import { addRemark, readRemark, remarkOf } from './store.ts'

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

/** What a remark says: a repeat says the same. When it was noticed is the page's guess and may differ. */
const SAID = ['kind', 'code', 'severity', 'shown_to_candidate', 'text'] as const

/** What people notice about an attempt: rows beside its events, whose digests its chain holds [EVD-04]. */
export function createRemarks({ act, clock, publisher }: RemarkDeps) {
  /** `key`: the same again gives the remark that is there [SUP-06.6]. */
  async function keep(
    attempt: string,
    author: Author,
    actor: Actor,
    said: Said,
    key: string | undefined,
  ): Promise<Remark> {
    const id = textId.parse(key ?? uuidv7(clock.now()))
    const row = { ...said, id, attempt_id: attempt, author_id: author.id, detail: {}, salt: randomSalt() }
    let kept: Remark | null = null
    await act(
      attempt,
      async (tx, { state }) => {
        const known = await readRemark(tx, id)
        // A key is its page's own: one that names a remark of somebody else is no repeat.
        if (known && (known.attempt_id !== attempt || known.author_id !== author.id))
          throw new Refused('bad-input')
        if (known && SAID.some((name) => known[name] !== row[name])) throw new Refused('already-done')
        kept = known && remarkOf(known, author.name)
        return {
          type: 'keepText',
          by: author.by(state),
          kind: said.kind,
          textId: id,
          digest: textDigest(row.salt, remarkText(row)),
          repeated: known !== null,
        }
      },
      async (tx) => {
        if (kept) return
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
      key?: string,
    ): Promise<Remark> => {
      const said = {
        kind: 'note',
        code: 'note',
        severity: null,
        shown_to_candidate: shownToCandidate,
      } as const
      return keep(attempt, author, actor, { at: clock.now(), ...said, text }, key)
    },
    /** A warning is shown to the candidate with the words of its code; they say when they have read it. */
    warn: (
      attempt: string,
      author: Author,
      actor: Actor,
      reason: WarnReason,
      text: string,
      key?: string,
    ): Promise<Remark> => {
      const said = { kind: 'warning', code: reason, severity: null, shown_to_candidate: true } as const
      return keep(attempt, author, actor, { at: clock.now(), ...said, text }, key)
    },
    flag: (attempt: string, author: Author, actor: Actor, flag: Flag, key?: string): Promise<Remark> => {
      const { category: code, severity, text } = flag
      const said = { kind: 'flag', code, severity, shown_to_candidate: false, text } as const
      return keep(attempt, author, actor, { at: flag.at ?? clock.now(), ...said }, key)
    },
  }
}

export type Remarks = ReturnType<typeof createRemarks>
