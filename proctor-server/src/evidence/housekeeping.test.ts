import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startHousekeeping, type HousekeepingDeps } from './housekeeping.ts'
import { RECORDING_DAYS } from '@vigie/exam-engine/evidence/retention'
import { DAY, HOUR } from '@vigie/kernel/instant'
import { createLog } from '../platform/log.ts'
import { createMetrics } from '../platform/metrics.ts'
import { recorded } from './testDestruction.ts'
import { openHall, type Hall } from './testHall.ts'

let hall: Hall
beforeAll(async () => {
  hall = await openHall()
})
afterAll(async () => {
  await hall?.[Symbol.asyncDispose]()
})

const depsOf = (storage = hall.storage): HousekeepingDeps => ({
  ...hall,
  storage,
  metrics: createMetrics(),
  log: createLog('silent'),
  lostEpochs: [],
  jobs: { add: async () => undefined, addAll: async () => undefined } as never,
  publicOrigin: 'https://host',
  recipients: [],
})
const valueOf = async (gauge: { get(): Promise<{ values: { value: number }[] }> }) =>
  (await gauge.get()).values[0]?.value ?? 0

describe('[RET-04] the alarm', () => {
  it('rings while a sweep hangs on its store, and a round that was completed says when', async () => {
    await recorded(hall)
    hall.clock.move(RECORDING_DAYS * DAY + 7 * HOUR)
    let free = () => {}
    const freed = new Promise<void>((resolve) => (free = resolve))
    const hanging = depsOf({ ...hall.storage, removeAll: () => freed })
    const house = await startHousekeeping(hanging)
    await vi.waitFor(async () => expect(await valueOf(hanging.metrics.overdueEvidence)).toBe(1), 10_000)
    expect(await valueOf(hanging.metrics.houseKept)).toBe(0)
    free()
    await house.stop()
    // It has not done what it was told it had: the round failed, and no completion is claimed.
    expect(await valueOf(hanging.metrics.houseKept)).toBe(0)

    const well = depsOf()
    const again = await startHousekeeping(well)
    await vi.waitFor(
      async () => expect(await valueOf(well.metrics.houseKept)).toBe(hall.clock.now() / 1_000),
      10_000,
    )
    await again.stop()
  })
})
