import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import type { Answers } from '@vigie/exam-engine/catalog/paper'
import type { Save, Saved } from '@vigie/contract/attempt/answers'
import type { Instant } from '@vigie/kernel/instant'
import type { Pool } from 'pg'
import type { Papers } from '../catalog/store.ts'
import type { Tx } from '../platform/database.ts'
import type { Metrics } from '../platform/metrics.ts'
import { Refused } from '../platform/refused.ts'
import type { ActDeps } from './act.ts'
import { hasClosedParts, isDraftAlone, judgeSave, sittingOf, type Judged } from './judgeSave.ts'
import type { SetAside } from './setAside.ts'
import {
  latestDrafts,
  lockAttempts,
  writeChanges,
  writeDrafts,
  type Change,
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
}

interface SavingDeps extends ActDeps {
  /** The same database as `db`, for what is not asked through Kysely. */
  readonly pool: Pick<Pool, 'query'>
  readonly papers: Papers
  readonly metrics: Pick<Metrics, 'saveBatch' | 'saveSeconds'>
  readonly setAside: SetAside
}

/** Saves one draft; resolves when it is on disk [ATT-04]. */
export type SaveDraft = (attempt: string, save: Save) => Promise<Saved>

const BATCH_LIMIT = 512

/** As many attempts as one process has under way at most; each takes a few kilobytes. */
const REMEMBERED = 5_000

const NO_ANSWERS: Answers = {}

const parseAnswers = (canonical: string): Answers =>
  Object.fromEntries(JSON.parse(canonical) as [string, string[]][]) as Answers

/** What a page is told of its save once it is stored. */
const storedAs = (number: number, savedAt: Instant, chained: Save['chained']): Saved => ({
  number,
  savedAt,
  ...(chained && { linked: true }),
})

/** Attempts as this process wrote them last; whoever used one the longest ago leaves first. */
function createMemory() {
  const attempts = new Map<string, StoredAttempt>()
  return {
    of: (id: string): StoredAttempt | undefined => attempts.get(id),
    keep(attempt: StoredAttempt): void {
      attempts.delete(attempt.id)
      attempts.set(attempt.id, attempt)
      if (attempts.size > REMEMBERED) attempts.delete(attempts.keys().next().value!)
    },
  }
}

/**
 * Natural batching: one batch is being written at a time, what arrives meanwhile is the next one. An attempt stands at
 * most once in a batch; when a batch fails its members are tried one by one, so one bad row never costs another its save.
 *
 * Nearly every save changes the draft alone of an attempt that nothing else has moved since its last one. It is judged on
 * that attempt as this process left it, and written where its version is still that one: no lock is waited for and no
 * state read. Whatever this does not fit is judged on the locked row.
 */
export function createSaving(deps: SavingDeps): SaveDraft {
  let queue: Waiting[] = []
  let writing = false
  const memory = createMemory()

  /** What a repeat is told: its own number again, or that others hold it and the highest there is [ATT-04]. */
  async function repeated(tx: Tx, attempt: string, save: Save, { change, text, at }: Judged): Promise<Saved> {
    const { number, chained } = save
    const draft = sittingOf(change.after.state)?.draft
    if (!draft) return storedAs(number, at, chained)
    const savedAt = draft.savedAt ?? at
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

  /** It is on disk: its page is told, and whoever else is to know. */
  function settle(member: Waiting, { saved, change, events }: Written): void {
    memory.keep(change.after)
    member.resolve(saved)
    deps.metrics.saveSeconds.observe((deps.clock.elapsed() - member.since) / 1_000)
    if (events.length > 0) deps.publish(change, events)
  }

  /** On what this process remembers; null: only the row can tell. */
  async function judgeRemembered({ attempt, save }: Waiting): Promise<Judged | null> {
    const stored = memory.of(attempt)
    if (!stored || hasClosedParts(stored.state)) return null
    const paper = await deps.papers.of(deps.db, stored.state.booking.paperId)
    try {
      const now = deps.clock.now()
      const judged = judgeSave(stored, save, { paper, previous: NO_ANSWERS, unseen: false, now })
      return isDraftAlone(judged) ? judged : null
    } catch (error) {
      // It may be refused for what was true a while ago.
      if (error instanceof Refused) return null
      throw error
    }
  }

  /** Writes those that change the draft alone of what is remembered, and still is so; gives back the others. */
  async function writeRemembered(members: readonly Waiting[]): Promise<readonly Waiting[]> {
    const judged = new Map<Waiting, Judged>()
    for (const member of members) {
      const one = await judgeRemembered(member)
      if (one) judged.set(member, one)
    }
    if (judged.size === 0) return members
    const written = await writeDrafts(deps.pool, [...judged.values()])
    const left = members.filter(({ attempt }) => !written.has(attempt))
    deps.metrics.saveBatch.observe(written.size)
    for (const [member, one] of judged) {
      if (!written.has(member.attempt)) continue
      const { number, chained } = member.save
      settle(member, { ...one, saved: storedAs(number, one.at, chained) })
    }
    return left
  }

  /** Judges them on their locked rows, in id order, and writes what they change with all its consequences. */
  async function writeLocked(members: readonly Waiting[]): Promise<void> {
    const outcomes = await deps.db.transaction().execute(async (tx) => {
      const ids = members.map((member) => member.attempt)
      const locked = await lockAttempts(tx, ids)
      const unseen = await unseenAmong(tx, deps.replica, [...locked.values()], deps.clock.now())
      const withClosedParts = [...locked.values()].filter(({ state }) => hasClosedParts(state))
      const drafts =
        withClosedParts.length > 0
          ? await latestDrafts(
              tx,
              withClosedParts.map(({ id }) => id),
            )
          : null
      const judge = async ({ attempt, save }: Waiting): Promise<Judged> => {
        const stored = locked.get(attempt)
        if (!stored) throw new Refused('attempt-unknown')
        const draft = drafts?.get(attempt)
        return judgeSave(stored, save, {
          paper: await deps.papers.of(tx, stored.state.booking.paperId),
          previous: draft ? parseAnswers(draft.answers) : NO_ANSWERS,
          unseen: unseen.has(attempt),
          now: deps.clock.now(),
        })
      }
      const results: ((Written & Judged) | { readonly refused: Refused })[] = []
      for (const member of members) {
        const { attempt, save } = member
        try {
          const judged = await judge(member)
          const saved = judged.row
            ? storedAs(save.number, judged.at, save.chained)
            : await repeated(tx, attempt, save, judged)
          results.push({ ...judged, saved })
        } catch (error) {
          if (!(error instanceof Refused)) throw error
          results.push({ refused: error })
        }
      }
      const moved = results.filter((result) => 'change' in result).filter(({ events }) => events.length > 0)
      await writeChanges(
        tx,
        moved.map(({ change }) => change),
        moved.flatMap(({ row }) => (row ? [row] : [])),
      )
      await deps.withChanges(tx, moved)
      return results
    })
    deps.metrics.saveBatch.observe(members.length)
    outcomes.forEach((outcome, index) => {
      const member = members[index]!
      if ('refused' in outcome) void refuse(member, outcome.refused)
      else settle(member, outcome)
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

  async function write(batch: readonly Waiting[]): Promise<void> {
    // One bad row fails the statement of all: each is then judged on its own row.
    const left = await writeRemembered(batch).catch(() => batch)
    if (left.length === 0) return
    try {
      await writeLocked(left)
    } catch (error) {
      if (left.length === 1) left[0]!.reject(error)
      else for (const member of left) await writeLocked([member]).catch(member.reject)
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
        await write(batch)
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
