import { personId } from '@vigie/exam-engine/attempt/ids'
import { RECORDING_DAYS } from '@vigie/exam-engine/evidence/retention'
import { evolveReview } from '@vigie/exam-engine/review/evolve'
import type { ReviewEvent } from '@vigie/exam-engine/review/state'
import { DAY } from '@vigie/kernel/instant'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endHold, placeOwnHold, placeStaffHold } from './holds.ts'
import type { JobQueue } from '../platform/jobs.ts'
import { readReview, verdictsUnderWay, writeReview } from '../review/store.ts'
import { custodyLines, ownAttempts } from './ownData.ts'
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
  const jobs: JobQueue = { add: async () => undefined, addAll: async () => undefined }
  const desk = () => ({ ...hall, jobs, publicOrigin: 'https://host' })

  it('keep an attempt past its term until they end, and what they end for goes with the next sweep', async () => {
    const { attempt } = await recorded(hall)
    const [staff, candidate] = [await someone(hall, 'registrar'), await someone(hall, 'candidate')]
    const appeal = await placeOwnHold(desk(), candidate, { attempt, kind: 'appeal', reason: 'je conteste' })
    await expect(
      placeOwnHold(desk(), candidate, { attempt, kind: 'appeal', reason: 'encore' }),
    ).rejects.toMatchObject({ code: 'hold-standing' })
    hall.clock.move(RECORDING_DAYS * DAY)
    expect(await sweepEvidence(hall)).toBe(0)
    // A week before it ends with nobody having settled it, it calls for the staff.
    const late = async () => (await lateMatters(hall.db, hall.clock.now(), hall.openMatters)).appeals
    hall.clock.move((90 - 7 - RECORDING_DAYS) * DAY - 1)
    expect(await late()).toBe(0)
    hall.clock.move(1)
    expect(await late()).toBe(1)
    await expect(endHold(desk(), staff, { attempt, hold: appeal.id, by: 'candidate' })).rejects.toMatchObject(
      {
        code: 'not-allowed',
      },
    )
    await endHold(desk(), staff, { attempt, hold: appeal.id, by: 'staff' })
    expect(await late()).toBe(0)
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

  it('[REV-04.2] [RET-05] « invalid » that waits for its second person shows to its candidate only once it keeps the media past their term', async () => {
    const { attempt } = await recorded(hall)
    const { candidate_id: candidate } = await hall.db
      .selectFrom('attempt')
      .select('candidate_id')
      .where('id', '=', attempt)
      .executeTakeFirstOrThrow()
    const own = async () => (await ownAttempts(hall.db, candidate, hall.clock.now(), verdictsUnderWay))[0]!
    const ended = hall.clock.now()
    const term = ended + RECORDING_DAYS * DAY
    hall.clock.move((RECORDING_DAYS - 2) * DAY)
    const id = personId.parse((await someone(hall, 'registrar')).id)
    const [by, at] = [{ role: 'reviewer', id } as const, hall.clock.now()]
    const happened = async (event: ReviewEvent) => {
      const before = await readReview(hall.db, attempt)
      await writeReview(hall.db, attempt, before, evolveReview(before.state, event), [event])
    }
    const proposal = { outcome: 'invalid', reasons: [], facts: 'Une voix', moments: [], by: id, at } as const
    await happened({ type: 'proposed', at, by, proposal })
    expect(await own()).toMatchObject({ state: 'kept', openUntil: null, term: { at: term, until: term } })
    hall.clock.move(3 * DAY)
    const until = at + 14 * DAY
    expect(await own()).toMatchObject({ state: 'held', openUntil: until, term: { at: term, until } })
    await happened({ type: 'withdrawn', at, by })
    expect(await own()).toMatchObject({ state: 'due', openUntil: null })
    hall.clock.move(-3 * DAY)
    await happened({ type: 'proposed', at, by, proposal })
    await happened({ type: 'candidate-told', at, by, replyUntil: at + 10 * DAY })
    expect(await own()).toMatchObject({ state: 'kept', openUntil: at + 24 * DAY })
    await hall.db.deleteFrom('review_event').where('attempt_id', '=', attempt).execute()
    await hall.db.deleteFrom('review').where('attempt_id', '=', attempt).execute()
    hall.clock.move(3 * DAY)
    expect(await sweepEvidence(hall)).toBe(1)
  })

  it('[RET-02.4] a request for access keeps everything until staff end it as answered, and calls for them after 25 days', async () => {
    const { attempt } = await recorded(hall)
    const [staff, candidate] = [await someone(hall, 'registrar'), await someone(hall, 'candidate')]
    const asked = await placeOwnHold(desk(), candidate, { attempt, kind: 'access', reason: 'mes données' })
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
    await endHold(desk(), staff, { attempt, hold: asked.id, by: 'staff' })
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
