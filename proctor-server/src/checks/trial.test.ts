import { describe, expect, it } from 'vitest'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { createLog } from '../platform/log.ts'
import { Refused } from '../platform/refused.ts'
import { ANONYMOUS } from '../accounts/actor.ts'
import { createShares, TRIAL_LIMITS, type CapLimits } from './transferCaps.ts'
import { CLOSE_TRIAL_JOB, closeTrialJob, createTrials } from './trial.ts'

/** Trials over an SFU and a queue that only write down what they are asked. */
function hall(limits: Partial<CapLimits> = {}, rooms = (trial: string) => Promise.resolve(`t-${trial}`)) {
  let now = 1_800_000_000_000
  const clock: Clock = { now: () => now, elapsed: () => now }
  const opened: string[] = []
  const ends: { trial: string; at: number }[] = []
  const open = createTrials({
    // Only `transaction().execute` is used: the queue writes with what it is given.
    db: {
      transaction: () => ({ execute: (run: (tx: never) => unknown) => run(undefined as never) }),
    } as unknown as Database,
    clock,
    shares: createShares(clock, { ...TRIAL_LIMITS, ...limits }),
    jobs: {
      add: async (_tx, name, data, options) => {
        expect(name).toBe(CLOSE_TRIAL_JOB)
        ends.push({ ...(data as unknown as { trial: string }), at: options?.startAfter?.getTime() ?? 0 })
      },
    },
    rooms: {
      trialTickets: async (trial) => {
        opened.push(trial)
        const token = await rooms(trial)
        return { token, relayToken: `relay-${token}` }
      },
    },
  })
  const log = createLog('silent')
  const outcome = (address: string) =>
    open({ actor: ANONYMOUS, address }, log).then(
      () => 'opened',
      (error: unknown) => {
        if (error instanceof Refused) return error.code
        throw error
      },
    )
  return { outcome, opened, ends, pass: (ms: number) => (now += ms), now: () => now }
}

describe('[CHK-06] trial rooms of the public page', () => {
  it('[CHK-06] each has its own room, which ends after a minute', async () => {
    const { outcome, opened, ends, now } = hall()
    expect([await outcome('a'), await outcome('a')]).toEqual(['opened', 'opened'])
    expect(new Set(opened).size).toBe(2)
    expect(ends).toEqual(opened.map((trial) => ({ trial, at: now() + 60_000 })))
  })

  it('[CHK-06] so many a minute from one address, and so many from all', async () => {
    const { outcome, pass } = hall({ atOnceEach: 2, atOnce: 3 })
    expect([await outcome('a'), await outcome('a'), await outcome('a')]).toEqual([
      'opened',
      'opened',
      'too-many',
    ])
    expect([await outcome('b'), await outcome('c')]).toEqual(['opened', 'busy'])
    pass(59_999)
    expect(await outcome('a')).toBe('too-many')
    pass(1)
    expect(await outcome('a')).toBe('opened')
  })

  it('[CHK-06] so many in ten minutes, however patiently they are asked for', async () => {
    const { outcome, pass } = hall({ requestsPerWindow: 2 })
    await outcome('a')
    pass(61_000)
    await outcome('a')
    pass(61_000)
    expect(await outcome('a')).toBe('too-many')
    pass(600_000)
    expect(await outcome('a')).toBe('opened')
  })

  it('[CHK-06] an SFU that is away is nobody’s fault, and its rooms are still ended', async () => {
    const { outcome, ends } = hall({}, () => Promise.reject(new Error('connection refused')))
    expect(await outcome('a')).toBe('trial-unavailable')
    expect(ends).toHaveLength(1)
  })

  it('[CHK-06] the job closes the room it names', async () => {
    const closed: string[] = []
    await closeTrialJob({ closeTrial: async (trial) => void closed.push(trial) }).step({ trial: 'x' })
    expect(closed).toEqual(['x'])
  })
})
