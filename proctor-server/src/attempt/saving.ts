import type { AttemptCommand } from '@vigie/exam-engine/attempt/commands'
import type { SaveLink } from '@vigie/exam-engine/attempt/saveLink'
import { checkDraft } from '@vigie/exam-engine/attempt/draft'
import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import { digest, personId, type Digest } from '@vigie/exam-engine/attempt/ids'
import type { AttemptState, Draft } from '@vigie/exam-engine/attempt/state'
import type { Answers } from '@vigie/exam-engine/catalog/paper'
import { linkedText } from '@vigie/exam-engine/evidence/answerStream'
import type { Save, Saved } from '@vigie/contract/attempt/answers'
import type { Instant } from '@vigie/kernel/instant'
import type { Papers } from '../catalog/store.ts'
import type { Tx } from '../platform/database.ts'
import { randomSalt, sha256 } from '../platform/keys.ts'
import type { Metrics } from '../platform/metrics.ts'
import { Refused } from '../platform/refused.ts'
import { decideNow, type ActDeps } from './act.ts'
import type { SetAside } from './setAside.ts'
import {
  chainEvents,
  latestDrafts,
  lockAttempts,
  writeChanges,
  type Change,
  type SaveRow,
  type StoredAttempt,
} from './store.ts'
import { unseenAmong } from './unseen.ts'

interface Waiting {
  readonly attempt: string
  readonly save: Save
  /** On the clock that only runs on. */
  readonly since: number
  readonly resolve: (saved: Saved) => void
  readonly reject: (error: unknown) => void
}

interface Written {
  readonly saved: Saved
  readonly change: Change
  readonly events: readonly AttemptEvent[]
  readonly row: SaveRow | null
}

interface SavingDeps extends ActDeps {
  readonly papers: Papers
  readonly metrics: Pick<Metrics, 'saveBatch' | 'saveSeconds'>
  readonly setAside: SetAside
}

/** Saves one draft; resolves when it is on disk [ATT-04]. */
export type SaveDraft = (attempt: string, save: Save) => Promise<Saved>

const BATCH_LIMIT = 512

const parseAnswers = (canonical: string): Answers =>
  Object.fromEntries(JSON.parse(canonical) as [string, string[]][]) as Answers

const sittingOf = (state: AttemptState) => ('sitting' in state ? state.sitting : null)

/** What a page is told of its save once it is stored. */
const storedAs = (number: number, savedAt: Instant, chained: Save['chained']): Saved => ({
  number,
  savedAt,
  ...(chained && { linked: true }),
})

/** The link that the page made of its save, made after it [EVD-04.4]. */
const chainedAs = (previous: SaveLink | null, number: number, hash: Digest) => ({
  previous,
  link: digest.parse(sha256(linkedText(previous?.link ?? null, number, hash))),
})

/**
 * Natural batching: one batch is being written at a time, what arrives meanwhile is the next one. An attempt stands at
 * most once in a batch; when a batch fails its members are tried one by one, so one bad row never costs another its save.
 */
export function createSaving(deps: SavingDeps): SaveDraft {
  let queue: Waiting[] = []
  let writing = false

  /** What a repeat is told: its own number again, or that others hold it and the highest there is [ATT-04]. */
  async function repeated(
    tx: Tx,
    attempt: string,
    { number, chained }: Save,
    text: string,
    draft: Draft,
  ): Promise<Saved> {
    const savedAt = draft.savedAt ?? deps.clock.now()
    const there = await tx
      .selectFrom('attempt_save')
      .select(['answers', 'salt'])
      .where('attempt_id', '=', attempt)
      .where('number', '=', number)
      .executeTakeFirst()
    // The same answers of another page under this number are another link of its chain [EVD-04].
    const same = there?.answers === text && (!chained || chained.salt === there.salt)
    return same ? storedAs(number, savedAt, chained) : { number: draft.number, savedAt, other: true }
  }

  /** Judges one save on its locked row: lease, state, deadline and form are the domain's word, batched or not. */
  async function judge(
    tx: Tx,
    stored: StoredAttempt | undefined,
    previous: Answers,
    unseen: boolean,
    { attempt, save }: Waiting,
  ): Promise<Written> {
    if (!stored) throw new Refused('attempt-unknown')
    const { state } = stored
    if (!('booking' in state)) throw new Refused('attempt-unknown')
    const paper = await deps.papers.of(tx, state.booking.paperId)
    const closedParts = sittingOf(state)?.closedParts.map((part) => part.partId) ?? []
    const known = sittingOf(state)?.draft.number ?? 0
    // A repeat is acknowledged as what it was; judging it against newer answers would refuse what was accepted.
    const checked = checkDraft(paper, save.number > known ? closedParts : [], previous, save.answers)
    const salt = save.chained?.salt ?? randomSalt()
    const hash = digest.parse(sha256(salt + (checked.ok ? checked.value.canonical : '')))
    const now = deps.clock.now()
    const command: AttemptCommand = {
      type: 'save',
      now,
      unseen,
      by: { role: 'candidate', id: personId.parse(state.booking.candidateId) },
      lease: save.lease,
      number: save.number,
      digest: hash,
      answeredCount: checked.ok ? checked.value.answeredCount : 0,
      chained: save.chained && chainedAs(save.chained.previous, save.number, hash),
    }
    // Whether this page may save at all is said before what is wrong with its answers [ROOM-05].
    const decided = decideNow(state, command)
    if (!checked.ok) throw new Refused(checked.refusal.code, { question: checked.refusal.questionId })
    const text = checked.value.canonical
    const change = chainEvents(stored, decided.state, decided.events)
    const kept = decided.events.some(
      (event) =>
        (event.type === 'answers-saved' || event.type === 'late-answers-saved') &&
        event.number === save.number,
    )
    const stands = sittingOf(decided.state)?.draft
    return {
      saved:
        kept || !stands
          ? storedAs(save.number, now, save.chained)
          : await repeated(tx, attempt, save, text, stands),
      change,
      events: decided.events,
      row: kept
        ? {
            attempt_id: attempt,
            number: save.number,
            lease: save.lease,
            at: now,
            salt,
            answers: text,
          }
        : null,
    }
  }

  async function write(members: readonly Waiting[]): Promise<void> {
    const outcomes = await deps.db.transaction().execute(async (tx) => {
      const ids = members.map((member) => member.attempt)
      const locked = await lockAttempts(tx, ids)
      const unseen = await unseenAmong(tx, deps.replica, [...locked.values()], deps.clock.now())
      const withClosedParts = ids.filter((id) => {
        const state = locked.get(id)?.state
        return state !== undefined && (sittingOf(state)?.closedParts.length ?? 0) > 0
      })
      const drafts =
        withClosedParts.length > 0 ? await latestDrafts(tx, withClosedParts) : new Map<string, never>()
      const results: (Written | { readonly refused: Refused })[] = []
      for (const member of members) {
        const previous = drafts.get(member.attempt)
        try {
          results.push(
            await judge(
              tx,
              locked.get(member.attempt),
              previous ? parseAnswers(previous.answers) : {},
              unseen.has(member.attempt),
              member,
            ),
          )
        } catch (error) {
          if (!(error instanceof Refused)) throw error
          results.push({ refused: error })
        }
      }
      const written = results
        .filter((result) => 'change' in result)
        .filter((result) => result.events.length > 0)
      await writeChanges(
        tx,
        written.map((result) => result.change),
        written.flatMap((result) => (result.row ? [result.row] : [])),
      )
      await deps.withChanges(tx, written)
      return results
    })
    deps.metrics.saveBatch.observe(members.length)
    outcomes.forEach((outcome, index) => {
      const member = members[index]!
      if ('refused' in outcome) return void refuse(member, outcome.refused)
      member.resolve(outcome.saved)
      deps.metrics.saveSeconds.observe((deps.clock.elapsed() - member.since) / 1_000)
      if (outcome.events.length > 0) deps.publish(outcome.change, outcome.events)
    })
  }

  /** What does not count is kept before its page is told so. */
  async function refuse({ attempt, save, reject }: Waiting, refusal: Refused): Promise<void> {
    try {
      await deps.setAside(attempt, save, refusal.code)
      reject(refusal)
    } catch (error) {
      reject(error)
    }
  }

  async function drain(): Promise<void> {
    if (writing) return
    writing = true
    try {
      while (queue.length > 0) {
        const batch: Waiting[] = []
        const rest: Waiting[] = []
        const taken = new Set<string>()
        for (const member of queue) {
          if (batch.length < BATCH_LIMIT && !taken.has(member.attempt)) {
            taken.add(member.attempt)
            batch.push(member)
          } else rest.push(member)
        }
        queue = rest
        try {
          await write(batch)
        } catch (error) {
          if (batch.length === 1) batch[0]!.reject(error)
          else for (const member of batch) await write([member]).catch(member.reject)
        }
      }
    } finally {
      writing = false
    }
  }

  return (attempt, save) =>
    new Promise<Saved>((resolve, reject) => {
      queue.push({ attempt, save, since: deps.clock.elapsed(), resolve, reject })
      void drain()
    })
}
