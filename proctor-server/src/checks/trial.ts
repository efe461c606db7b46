import { MINUTE } from '@vigie/kernel/instant'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import type { JobKind, JobQueue } from '../platform/jobs.ts'
import type { LiveRooms } from '../platform/livekit.ts'
import type { Log } from '../platform/log.ts'
import { Refused } from '../platform/refused.ts'
import type { Asker, Shares } from './transferCaps.ts'

export const CLOSE_TRIAL_JOB = 'checks-close-trial'

/** A trial takes seconds: after a minute its room is gone whoever is in it [CHK-06]. */
const TRIAL_MS = MINUTE

interface TrialDeps {
  readonly db: Database
  readonly clock: Clock
  readonly jobs: Pick<JobQueue, 'add'>
  readonly rooms: Pick<LiveRooms, 'trialTickets'>
  readonly shares: Shares
}

/** Ends a trial's rooms. Tried again while the SFU is away. */
export const closeTrialJob = (rooms: Pick<LiveRooms, 'closeTrial'>): JobKind<{ trial: string }> => ({
  name: CLOSE_TRIAL_JOB,
  step: ({ trial }) => rooms.closeTrial(trial),
})

/**
 * Opens throw-away rooms for the check. Each counts against who asked for it for the whole minute, whether it is used
 * or not, so that nobody fills the SFU with empty rooms. Throws `too-many`, `busy` or `trial-unavailable`.
 */
export function createTrials({ db, clock, jobs, rooms, shares }: TrialDeps) {
  let open: { readonly until: number; readonly over: () => void }[] = []
  return async (asker: Asker, log: Log): ReturnType<LiveRooms['trialTickets']> => {
    const now = clock.now()
    for (const one of open.filter(({ until }) => until <= now)) one.over()
    open = open.filter(({ until }) => until > now)
    open.push({ until: now + TRIAL_MS, over: shares.admit(asker, 0) })
    const trial = uuidv7(now)
    // First the end, then the beginning: a room is never left open because this process died between them.
    await db
      .transaction()
      .execute((tx) => jobs.add(tx, CLOSE_TRIAL_JOB, { trial }, { startAfter: new Date(now + TRIAL_MS) }))
    try {
      return await rooms.trialTickets(trial)
    } catch (error) {
      log.warn({ err: error }, 'no trial room')
      throw new Refused('trial-unavailable')
    }
  }
}

export type Trials = ReturnType<typeof createTrials>
