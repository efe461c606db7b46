import { RECORDING_DAYS } from '@vigie/exam-engine/evidence/retention'
import { DAY } from '@vigie/kernel/instant'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endHold, placeOwnHold, placeStaffHold } from './holds.ts'
import { custodyLines } from './ownData.ts'
import { lateMatters, overdueAttempts } from './overdue.ts'
import { sweepEvidence } from './sweep.ts'
import { objectsOf, recorded, someone } from './testDestruction.ts'
import { openHall, type Hall } from './testHall.ts'

describe('[RET-02] holds', () => {
  let hall: Hall
  beforeAll(async () => {
    hall = await openHall()
  })
  afterAll(async () => {
    await hall?.[Symbol.asyncDispose]()
  })

  it('keep an attempt past its term until they end, and what they end for goes with the next sweep', async () => {
    const { attempt } = await recorded(hall)
    const [staff, candidate] = [await someone(hall, 'registrar'), await someone(hall, 'candidate')]
    const appeal = await placeOwnHold(hall, candidate, { attempt, kind: 'appeal', reason: 'je conteste' })
    await expect(
      placeOwnHold(hall, candidate, { attempt, kind: 'appeal', reason: 'encore' }),
    ).rejects.toMatchObject({ code: 'hold-standing' })
    hall.clock.move(RECORDING_DAYS * DAY)
    expect(await sweepEvidence(hall)).toBe(0)
    await expect(endHold(hall, staff, { attempt, hold: appeal.id, by: 'candidate' })).rejects.toMatchObject({
      code: 'not-allowed',
    })
    await endHold(hall, staff, { attempt, hold: appeal.id, by: 'staff' })
    expect(await sweepEvidence(hall)).toBe(1)
    await expect(
      placeStaffHold(hall, staff, {
        attempt,
        kind: 'suspicion',
        reason: 'too late',
        until: hall.clock.now() + DAY,
      }),
    ).rejects.toMatchObject({ code: 'hold-too-late' })
  })

  it('[RET-02.3] nothing is destroyed while a verdict is under way, nor kept for one that nobody concludes', async () => {
    const { attempt } = await recorded(hall)
    hall.clock.move(60 * DAY)
    hall.open.set(attempt, hall.clock.now() + 8 * DAY)
    expect(await sweepEvidence(hall)).toBe(0)
    expect(await overdueAttempts(hall.db, hall.clock.now(), hall.openMatters)).toEqual([])
    const late = () => lateMatters(hall.db, hall.clock.now(), hall.openMatters)
    expect(await late()).toMatchObject({ verdicts: 0 })
    // Nobody concludes: a week before its days are over the alarm rings, then the media go like any other's.
    hall.clock.move(DAY)
    expect(await late()).toMatchObject({ verdicts: 1 })
    hall.clock.move(7 * DAY)
    expect(await sweepEvidence(hall)).toBe(1)
    expect(await late()).toMatchObject({ verdicts: 0 })
    hall.open.clear()
  })

  it('[RET-02.4] a request for access keeps everything until staff end it as answered, and calls for them after 25 days', async () => {
    const { attempt } = await recorded(hall)
    const [staff, candidate] = [await someone(hall, 'registrar'), await someone(hall, 'candidate')]
    const asked = await placeOwnHold(hall, candidate, { attempt, kind: 'access', reason: 'mes données' })
    const late = async () => (await lateMatters(hall.db, hall.clock.now(), hall.openMatters)).access
    hall.clock.move(25 * DAY - 1)
    expect(await late()).toBe(0)
    hall.clock.move(1)
    expect(await late()).toBe(1)
    hall.clock.move(60 * DAY)
    expect(await sweepEvidence(hall)).toBe(0)
    expect(await overdueAttempts(hall.db, hall.clock.now(), hall.openMatters)).toEqual([])
    const lines = await custodyLines(hall.db, { search: '' }, hall.clock.now(), hall.openMatters)
    expect(lines.find((line) => line.attempt === attempt)).toMatchObject({ state: 'held' })
    await endHold(hall, staff, { attempt, hold: asked.id, by: 'staff' })
    expect(await sweepEvidence(hall)).toBe(1)
    expect(await late()).toBe(0)
  })

  it('a hold and a sweep at the same moment: one of them wins, never both', async () => {
    const staff = await someone(hall, 'registrar')
    for (let round = 0; round < 8; round += 1) {
      const { attempt } = await recorded(hall)
      hall.clock.move(RECORDING_DAYS * DAY)
      const [placed, swept] = await Promise.allSettled([
        placeStaffHold(hall, staff, {
          attempt,
          kind: 'suspicion',
          reason: 'now',
          until: hall.clock.now() + DAY,
        }),
        sweepEvidence(hall),
      ])
      expect(swept.status).toBe('fulfilled')
      expect((await objectsOf(hall, attempt)).length > 0).toBe(placed.status === 'fulfilled')
    }
  })
})
