import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import { endedAt } from '@vigie/exam-engine/evidence/retention'
import { planReminder } from '../evidence/reminder.ts'
import { openRetention } from '../evidence/retention.ts'
import type { Clock } from '../platform/clock.ts'
import type { JobQueue } from '../platform/jobs.ts'
import { keepAside } from '../supervision/aside.ts'
import { CLOSE_ROOM_JOB } from '../supervision/closeRoom.ts'
import { followLive } from '../supervision/live/live.ts'
import type { Moved, WithChanges } from './act.ts'
import { supersedeLines } from './lines.ts'
import { forgetScores, SCORE_JOB } from './scoring.ts'

const idsWhere = (moved: readonly Moved[], ...types: AttemptEvent['type'][]): string[] =>
  moved
    .filter(({ events }) => events.some(({ type }) => types.includes(type)))
    .map(({ change }) => change.after.id)

const justEnded = (moved: readonly Moved[]) =>
  moved.flatMap(({ change: { before, after } }) => {
    const ended = endedAt(after.state)
    return ended !== null && endedAt(before.state) === null ? [{ attempt: after.id, endedAt: ended }] : []
  })

/**
 * A draft saved is one event of thousands and has no consequence: most saves are written without asking for any
 * (saving.ts), so that none may be given to it here.
 */
const isDraftAlone = ({ events }: Moved): boolean => events.every(({ type }) => type === 'answers-saved')

/** What the areas around an attempt do when it moves, in its transaction. */
export const createConsequences =
  ({ clock, jobs }: { readonly clock: Clock; readonly jobs: JobQueue }): WithChanges =>
  async (tx, changes) => {
    const moved = changes.filter((change) => !isDraftAlone(change))
    if (moved.length === 0) return
    await keepAside(tx, clock, moved)
    await followLive(tx, moved)
    await supersedeLines(tx, idsWhere(moved, 'lease-taken'))
    // Nothing of a rehearsal is marked, kept or reminded of [CHK-13.5]; erasing it ends its room.
    const counting = moved.filter(({ change }) => !change.after.state.booking.rehearsal)
    await forgetScores(tx, idsWhere(counting, 'reactivated'))
    const sealed = idsWhere(counting, 'sealed')
    await jobs.addAll(
      tx,
      SCORE_JOB,
      sealed.map((attempt) => ({ attempt })),
    )
    const over = idsWhere(counting, 'closed', 'refused')
    // Whoever never came may have had a room, and stills, for a while.
    const gone = [...over, ...idsWhere(counting, 'cancelled', 'no-show')]
    await jobs.addAll(
      tx,
      CLOSE_ROOM_JOB,
      gone.map((attempt) => ({ attempt })),
    )
    await planReminder(jobs, tx, clock, over)
    await openRetention(tx, justEnded(counting))
  }
