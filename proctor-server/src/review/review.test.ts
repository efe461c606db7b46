import { randomUUID } from 'node:crypto'
import type { AttemptView } from '@vigie/contract/attempt/view'
import type { TimelineMark } from '@vigie/contract/supervision/view'
import { DAY, SECOND } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../accounts/actor.ts'
import { commitSegments } from '../evidence/commits.ts'
import { receiveSegment } from '../evidence/intake.ts'
import { placeStaffHold } from '../evidence/holds.ts'
import { openRetention } from '../evidence/retention.ts'
import { commitOf, openHall, record, type Hall } from '../evidence/testHall.ts'
import { audit } from '../platform/audit.ts'
import { openCase } from './casefile.ts'
import { listCases } from './list.ts'

let hall: Hall

beforeAll(async () => {
  hall = await openHall()
})
afterAll(async () => {
  await hall[Symbol.asyncDispose]()
})

const reviewer = {
  kind: 'person',
  id: randomUUID(),
  name: 'Rosa Relectrice',
  email: 'rosa@example.org',
  roles: ['reviewer'],
} as const satisfies Actor

const PERSON = { id: randomUUID(), name: 'Ada Lovelace', email: 'ada@example.org' }

const proctoredBy = (attempt: string, proctor: string) =>
  hall.db
    .insertInto('attempt_event')
    .values({
      attempt_id: attempt,
      seq: 1,
      at: 0,
      type: 'taken',
      data: JSON.stringify({ seq: 1, event: { type: 'taken', proctorId: proctor } }),
      hash: '0'.repeat(64),
    })
    .execute()

const casesOf = async (attempt: string, by: string = reviewer.id) =>
  (await listCases(hall.db, by, {}, hall.clock.now())).cases.filter((one) => one.attempt === attempt)

describe('[REV-01] the list', () => {
  it('tells what was recorded, what is still awaited and when it is destroyed', async () => {
    const attempt = await hall.attempt()
    const run = record('camera', 3, hall.clock.now())
    await commitSegments(hall, attempt, run.map(commitOf))
    for (const segment of run.slice(0, 3)) await receiveSegment(hall, attempt, segment, segment.content, null)
    expect(await casesOf(attempt)).toMatchObject([
      {
        candidate: 'Camille Martin',
        status: 'running',
        recorded: { camera: 8 * SECOND, screen: 0 },
        awaited: 1,
        flags: 0,
        retention: {
          state: 'kept',
          destroyAt: hall.clock.now() + 42 * DAY,
          until: hall.clock.now() + 42 * DAY,
          destroyedAt: null,
          reason: 'last-activity',
        },
      },
    ])
  })

  it('[EVD-02.2] says that a recording is incomplete once the reminders are used up, until something comes after all', async () => {
    const attempt = await hall.attempt({ status: 'sealed' })
    const run = record('camera', 3, hall.clock.now())
    await commitSegments(hall, attempt, run.map(commitOf))
    const since = async () => (await casesOf(attempt))[0]!.incompleteSince
    expect(await since()).toBeNull()
    const at = hall.clock.now()
    await audit(hall.db, hall.clock, {
      actor: { kind: 'anonymous' },
      role: 'system',
      action: 'evidence.incomplete',
      attempt,
    })
    expect(await since()).toBe(at)
    const viewOf = async () => ({ status: 'sealed' }) as AttemptView
    const file = await openCase({ ...hall, viewOf, marksOf: async () => [] }, reviewer, attempt, 'review')
    expect(file.incompleteSince).toBe(at)
    hall.clock.move(SECOND)
    await receiveSegment(hall, attempt, run[0]!, run[0]!.content, null)
    expect(await since()).toBeNull()
  })

  it('leaves out what the reviewer proctored, even when somebody else took over', async () => {
    const attempt = await hall.attempt()
    const proctor = randomUUID()
    await proctoredBy(attempt, proctor)
    expect(await casesOf(attempt, proctor)).toEqual([])
    expect(await casesOf(attempt)).toHaveLength(1)
  })

  it('[RET-02] counts the days left with the holds that stand, and says when a decision keeps it', async () => {
    const attempt = await hall.attempt({ status: 'sealed' })
    const now = hall.clock.now()
    await openRetention(hall.db, [{ attempt, endedAt: now }])
    await hall.db
      .insertInto('person')
      .values({ ...PERSON, emailVerified: true })
      .execute()
    const asked = { attempt, kind: 'suspicion', reason: 'Une voix', until: now + 90 * DAY } as const
    await placeStaffHold(hall, { kind: 'person', ...PERSON, roles: ['registrar'] }, asked)
    const held = { state: 'kept', destroyAt: now + 42 * DAY, until: now + 90 * DAY }
    expect(await casesOf(attempt)).toMatchObject([{ retention: held }])
    hall.clock.move(50 * DAY)
    expect(await casesOf(attempt)).toMatchObject([{ retention: { ...held, state: 'held' } }])
    hall.clock.move(50 * DAY)
    expect(await casesOf(attempt)).toMatchObject([{ retention: { state: 'due', until: now + 42 * DAY } }])
    const state = JSON.stringify({ status: 'answering', replyUntil: hall.clock.now() })
    await hall.db
      .insertInto('review')
      .values({ attempt_id: attempt, status: 'answering', state, version: 1 })
      .execute()
    expect(await casesOf(attempt)).toMatchObject([
      { retention: { state: 'held', until: hall.clock.now() + 14 * DAY } },
    ])
  })

  it('shows the wanted status only', async () => {
    const sealed = await hall.attempt({ status: 'sealed' })
    const { cases: listed } = await listCases(hall.db, reviewer.id, { status: 'sealed' }, hall.clock.now())
    expect(listed.map((one) => one.attempt)).toContain(sealed)
    expect(new Set(listed.map((one) => one.status))).toEqual(new Set(['sealed']))
  })

  it('says when there are more than it shows', async () => {
    const attempt = await hall.attempt({ status: 'sealed' })
    const list = (search: string) => listCases(hall.db, reviewer.id, { search }, hall.clock.now())
    expect((await list('')).more).toBe(false)
    await sql`
      with crowd as (
        insert into person (id, name, email, "emailVerified")
        select gen_random_uuid(), 'Candidate ' || n, 'c' || n || '@example.org', true from generate_series(1, 500) n
        returning id)
      insert into attempt (id, session_id, candidate_id, status, state, lease, version, head)
      select gen_random_uuid(), session_id, crowd.id, status, state, lease, version, head
      from crowd, attempt where attempt.id = ${attempt}`.execute(hall.db)
    const { cases, more } = await list('')
    expect([cases.length, more]).toEqual([500, true])
    expect((await list('nobody of this name')).more).toBe(false)
  })
})

describe('[REV-02] one case', () => {
  /** The attempt's own area draws the view; the review hands it on untouched. */
  const view = { status: 'running' } as AttemptView

  it('gives span, tracks with gaps explained by what happened, photos, and logs who opened it and why', async () => {
    const attempt = await hall.attempt()
    const start = hall.clock.now()
    hall.clock.move(24 * SECOND)
    for (const run of [record('camera', 2, start + 8 * SECOND), record('camera', 1, start + 24 * SECOND)]) {
      await commitSegments(hall, attempt, run.map(commitOf))
      for (const segment of run) await receiveSegment(hall, attempt, segment, segment.content, null)
    }
    const marks: TimelineMark[] = [
      {
        at: start + 8 * SECOND,
        lane: 'media',
        type: 'media-lost',
        by: 'candidate',
        detail: { track: 'camera' },
      },
      {
        at: start + 20 * SECOND,
        lane: 'media',
        type: 'media-back',
        by: 'candidate',
        detail: { track: 'camera' },
      },
    ]
    const deps = { ...hall, viewOf: async () => view, marksOf: async () => marks }
    const file = await openCase(deps, reviewer, attempt, 'appeal')
    expect(file.view).toBe(view)
    expect(file.span).toEqual({ from: start, to: start + 24 * SECOND })
    const [camera, screen] = file.tracks
    expect(camera?.stretches).toHaveLength(2)
    expect(camera?.gaps).toEqual([{ from: start + 8 * SECOND, to: start + 20 * SECOND, cause: 'media-lost' }])
    expect(screen?.gaps).toMatchObject([{ from: start, to: start + 24 * SECOND, cause: 'unknown' }])
    const log = await hall.db
      .selectFrom('audit_log')
      .select(['actor', 'action', 'purpose', 'at'])
      .where('attempt_id', '=', attempt)
      .execute()
    const actor = `person:${reviewer.id}`
    expect(log).toEqual([{ actor, action: 'review.case.viewed', purpose: 'appeal', at: hall.clock.now() }])
  })

  it('is unknown when there is no such attempt, and nothing is logged', async () => {
    const attempt = randomUUID()
    const deps = { ...hall, viewOf: async () => null, marksOf: async () => [] }
    await expect(openCase(deps, reviewer, attempt, 'review')).rejects.toMatchObject({
      code: 'attempt-unknown',
    })
  })
})
