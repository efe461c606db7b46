import type { ChatLine } from '@vigie/contract/supervision/chat'
import type { Actor as ChainActor } from '@vigie/exam-engine/attempt/actor'
import { textId } from '@vigie/exam-engine/attempt/ids'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import type { Instant } from '@vigie/kernel/instant'
import type { Actor } from '../accounts/actor.ts'
import type { Act } from '../attempt/act.ts'
import type { Minded, Publisher, Rooms } from '../attempt/publish.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { randomSalt } from '../platform/keys.ts'
import { Refused } from '../platform/refused.ts'
import { chatLineText, textDigest } from './keptText.ts'
import { addChatLine, chatLine, chatLines, markLines, readChatLine } from './store.ts'

interface ChatDeps {
  readonly act: Act
  readonly db: Database
  readonly clock: Clock
  readonly rooms: Rooms
  readonly publisher: Publisher
}

interface Author {
  readonly side: 'candidate' | 'proctor'
  readonly id: string
  /** As the other side reads it. */
  readonly name: string
  /** As the chain names them: a role depends on the session. */
  readonly by: (state: AttemptState) => ChainActor
}

/** Whose page a line has come to: the candidate's, or a proctor's. */
type ChatReader = 'candidate' | { readonly proctor: string }

/** The conversation of an attempt [SUP-05]: kept before it is acknowledged, so that what was sent is never lost. */
export function createChat({ db, clock, act, rooms, publisher }: ChatDeps) {
  const tell = (minded: Minded, line: ChatLine): void => {
    rooms.toCandidate(line.attempt, 'chat', line)
    rooms.toMinders(minded, 'chat', line)
  }
  const mindedOf = (attempt: string): Promise<Minded> =>
    db
      .selectFrom('attempt')
      .select(['session_id as session', 'proctor_id as proctor'])
      .where('id', '=', attempt)
      .executeTakeFirstOrThrow()

  /**
   * True when a line changed; then both sides are told. A lead who looks on takes nothing from the proctor whose candidate
   * it is: they have not read it yet.
   */
  async function mark(
    what: 'delivered' | 'read',
    attempt: string,
    reader: ChatReader,
    upTo: Instant,
  ): Promise<boolean> {
    const minded = await mindedOf(attempt)
    if (reader !== 'candidate' && minded.proctor !== null && minded.proctor !== reader.proctor) return false
    const author = reader === 'candidate' ? 'proctor' : 'candidate'
    const lines = await markLines(db, what, { attempt, author, upTo }, clock.now())
    if (lines.length === 0) return false
    for (const line of lines) tell(minded, line)
    return true
  }

  return {
    /**
     * Keeps one line, its digest in the chain; the same key again gives the line that is there. What a proctor says is
     * written to the audit log as `action`, without the text [SUP-06.5].
     */
    async send(
      attempt: string,
      key: string,
      text: string,
      author: Author,
      said?: { readonly actor: Actor; readonly action: string },
    ): Promise<ChatLine> {
      const id = textId.parse(key)
      const salt = randomSalt()
      const row = {
        id,
        attempt_id: attempt,
        author: author.side,
        author_id: author.id,
        author_name: author.name,
        text,
        delivered_at: null,
        read_at: null,
        salt,
      }
      let kept: ChatLine | null = null
      let role: string | undefined
      const at = clock.now()
      await act(
        attempt,
        async (tx, { state }) => {
          const known = await readChatLine(tx, id)
          // A key is its page's own: one that names a line of somebody else is no repeat.
          if (known && (known.attempt_id !== attempt || known.author !== author.side))
            throw new Refused('bad-input')
          if (known && known.text !== text) throw new Refused('already-done')
          kept = known && chatLine(known)
          const digest = textDigest(salt, chatLineText({ ...row, at }))
          const words = { kind: 'chat', textId: id, digest, repeated: known !== null } as const
          const by = author.by(state)
          role = by.role
          return { type: 'keepText', by, ...words }
        },
        async (tx) => {
          if (kept) return
          kept = await addChatLine(tx, { ...row, at })
          if (said) await audit(tx, clock, { ...said, role: role!, attempt, detail: { line: id } })
        },
      )
      const line = kept!
      tell(await mindedOf(attempt), line)
      await publisher.show(attempt)
      return line
    },
    history: (attempt: string): Promise<ChatLine[]> => chatLines(db, attempt),
    /** A page of `reader` has what the other side wrote up to a moment. */
    delivered: (attempt: string, reader: ChatReader, upTo: Instant): Promise<boolean> =>
      mark('delivered', attempt, reader, upTo),
    /** `reader` has had on screen what the other side wrote up to a moment. */
    async read(attempt: string, reader: ChatReader, upTo: Instant): Promise<void> {
      if (await mark('read', attempt, reader, upTo)) await publisher.show(attempt)
    },
  }
}

export type Chat = ReturnType<typeof createChat>
