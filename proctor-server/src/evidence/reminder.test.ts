import { DAY, HOUR, SECOND } from '@vigie/kernel/instant'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JobQueue } from '../platform/jobs.ts'
import { commitSegments } from './commits.ts'
import { receiveSegment } from './intake.ts'
import { planReminder, reminderJob } from './reminder.ts'
import { openRetention } from './retention.ts'
import { commitOf, openHall, record, START, type Hall } from './testHall.ts'

let hall: Hall
beforeAll(async () => {
  hall = await openHall()
})
afterAll(async () => {
  await hall[Symbol.asyncDispose]()
})

/** A queue that is read instead of worked. */
function readQueue() {
  const added: { name: string; data: Record<string, unknown>; startAfter: number | null }[] = []
  const queue: JobQueue = {
    add: (tx, name, data, options) => queue.addAll(tx, name, [data], options),
    async addAll(_tx, name, each, options) {
      for (const data of each) {
        const shown = JSON.parse(JSON.stringify(data)) as Record<string, unknown>
        added.push({ name, data: shown, startAfter: options?.startAfter?.getTime() ?? null })
      }
    },
  }
  return { added, queue }
}

describe('[EVD-02.2] the reminder of what a computer still holds', () => {
  it('is written an hour after the end, then a day, then three, and then the evidence is incomplete', async () => {
    const attempt = await hall.attempt({ status: 'sealed' })
    const run = record('camera', 2)
    await commitSegments(hall, attempt, run.map(commitOf))
    await receiveSegment(hall, attempt, run[0]!, run[0]!.content, null)
    const { added, queue } = readQueue()
    const job = reminderJob({ db: hall.db, clock: hall.clock, jobs: queue, publicOrigin: 'https://host' })
    await planReminder(queue, hall.db, hall.clock, [attempt])
    expect(added.pop()).toEqual({
      name: job.name,
      data: { attempt, round: 0 },
      startAfter: hall.clock.now() + HOUR,
    })
    for (const [round, wait] of [
      [0, DAY],
      [1, 3 * DAY],
    ] as const) {
      await job.step({ attempt, round })
      const [letter, next] = added.splice(0)
      expect(letter?.data['text']).toContain(`https://host/passages/${attempt}`)
      expect(next).toMatchObject({ data: { attempt, round: round + 1 }, startAfter: hall.clock.now() + wait })
    }
    await job.step({ attempt, round: 2 })
    expect(added.splice(0)).toHaveLength(1)
    const log = await hall.db
      .selectFrom('audit_log')
      .select(['action', 'detail'])
      .where('attempt_id', '=', attempt)
      .where('action', '=', 'evidence.incomplete')
      .execute()
    expect(log).toMatchObject([{ action: 'evidence.incomplete', detail: { segments: 2 } }])
  })

  it('also goes to whose page lost its line before the end and never came back: nothing was promised of what it holds', async () => {
    // The hall's attempts end a minute after their start.
    const ended = START + 60 * SECOND
    hall.clock.move(60 * SECOND)
    const { added, queue } = readQueue()
    const job = reminderJob({ db: hall.db, clock: hall.clock, jobs: queue, publicOrigin: 'https://host' })
    for (const [seconds, letters] of [
      [20, 1],
      [52, 0],
    ] as const) {
      const attempt = await hall.attempt({ status: 'sealed' })
      for (const track of ['camera', 'screen'] as const) {
        const run = record(track, seconds / 4, START + seconds * SECOND)
        await commitSegments(hall, attempt, run.map(commitOf))
        for (const segment of run) await receiveSegment(hall, attempt, segment, segment.content, null)
      }
      await openRetention(hall.db, [{ attempt, endedAt: ended }])
      await job.step({ attempt, round: 2 })
      expect(added.splice(0)).toHaveLength(letters)
    }
  })

  it('a job that runs twice writes the same letter, and none once everything has arrived', async () => {
    const attempt = await hall.attempt({ status: 'sealed' })
    const run = [...record('camera', 15, START + 60 * SECOND), ...record('screen', 15, START + 60 * SECOND)]
    await commitSegments(hall, attempt, run.map(commitOf))
    const { added, queue } = readQueue()
    const job = reminderJob({ db: hall.db, clock: hall.clock, jobs: queue, publicOrigin: 'https://host' })
    await job.step({ attempt, round: 2 })
    await job.step({ attempt, round: 2 })
    const [first, second] = added.splice(0)
    expect(first?.data['id']).toBe(second?.data['id'])
    for (const segment of run) await receiveSegment(hall, attempt, segment, segment.content, null)
    await job.step({ attempt, round: 0 })
    expect(added).toEqual([])
  })
})
