import { attemptId, personId } from '@vigie/exam-engine/attempt/ids'
import type { ConsoleIdentity, ProctorView } from '@vigie/contract/supervision/view'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { granted, reachQueue, startSitting, type Console } from '../testing/examDay.ts'
import { candidatePage, consolePage } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { readAttempt } from '../attempt/store.ts'
import { GONE_AFTER_MS, RENEW_EVERY_MS } from './proctors.ts'

const FIRST = 'surveillant@demo.test'
const SECOND = 'surveillant2@demo.test'

describe('proctors who come and go', () => {
  let server: TestServer
  let skipped: number
  /** Moved by hand; between moves it stands still, so that nothing is ever due by accident. */
  const start = Date.now()
  const clock = { now: () => start + skipped, elapsed: () => skipped }

  beforeEach(async () => {
    skipped = 0
    server = await startTestServer({ clock })
  })
  afterEach(async () => {
    await server[Symbol.asyncDispose]()
  })

  const idOf = async (email: string) =>
    personId.parse(
      (await server.db.selectFrom('person').select('id').where('email', '=', email).executeTakeFirstOrThrow())
        .id,
    )
  /** Resolves once the server has noted that somebody's last console is gone. */
  const awayOf = async (console: Console, email: string) => {
    const person = await idOf(email)
    const gone = new Promise<void>((resolve) =>
      console.socket.on('proctors', (_session: string, list: ProctorView[]) => {
        if (list.some((one) => one.person === person && !one.connected)) resolve()
      }),
    )
    return { person, gone }
  }

  it('[SUP-02] one gone for 60 s is replaced by the colleague with the fewest, and the candidate is told', async () => {
    const { candidate, console } = await startSitting(server, 'camille@demo.test', FIRST)
    const colleague = await consolePage(server, SECOND)
    const { person, gone } = await awayOf(colleague, FIRST)
    console.close()
    await gone
    const told = await server.db
      .selectFrom('proctor_presence')
      .selectAll()
      .where('person_id', '=', person)
      .executeTakeFirstOrThrow()
    expect(told).toMatchObject({ connected: false, due_at: clock.now() + GONE_AFTER_MS })

    skipped = GONE_AFTER_MS - 1
    const still = await readAttempt(server.db, candidate.attempt)
    expect(still?.state).toMatchObject({ proctorId: person })
    skipped = GONE_AFTER_MS
    const view = await candidate.view((one) => one.notices.some(({ kind }) => kind === 'proctor'))
    expect(view).toMatchObject({
      status: 'running',
      proctor: 'Alix',
      notices: [{ code: 'replaced', text: 'Alix' }],
    })
    const after = await readAttempt(server.db, candidate.attempt)
    expect(after?.state).toMatchObject({ proctorId: await idOf(SECOND) })
    candidate.close()
    colleague.close()
  })

  /** What a connecting console reads stands still until the work is done, as on a slow database. */
  const whileReading = (work: () => Promise<void>) =>
    server.db.transaction().execute(async (tx) => {
      await sql`lock table attempt in access exclusive mode`.execute(tx)
      await work()
    })
  const presenceOf = (person: string) =>
    server.db
      .selectFrom('proctor_presence')
      .select(['connected', 'due_at'])
      .where('person_id', '=', person)
      .executeTakeFirst()

  it('[SUP-02] a console that closes while it still connects leaves nobody behind who is never gone', async () => {
    const person = await idOf(FIRST)
    await whileReading(async () => {
      const brief = await consolePage(server, FIRST)
      brief.close()
      await expect.poll(() => presenceOf(person)).toMatchObject({ connected: false })
    })
    const colleague = await consolePage(server, SECOND)
    granted(await colleague.ask('supervision:clock', {}))
    skipped = GONE_AFTER_MS
    await expect.poll(() => presenceOf(person), { timeout: 10_000 }).toBeUndefined()
    colleague.close()
  })

  it('[SUP-02] a second console that fails to connect takes nothing from the first', async () => {
    const person = await idOf(FIRST)
    const first = await consolePage(server, FIRST)
    // Told as a console that connects, and with everybody of the session: then it has read all it reads.
    let told = 0
    first.socket.on('proctors', () => (told += 1))
    await expect.poll(() => told, { timeout: 10_000 }).toBe(2)
    await whileReading(async () => {
      const second = await consolePage(server, FIRST)
      const away = new Promise<void>((resolve) => second.socket.on('disconnect', () => resolve()))
      await expect
        .poll(
          async () => {
            await sql`select pg_cancel_backend(pid) from pg_stat_activity
              where datname = current_database() and wait_event_type = 'Lock'`.execute(server.db)
            return second.socket.connected
          },
          { timeout: 10_000 },
        )
        .toBe(false)
      await away
    })
    skipped = GONE_AFTER_MS
    const renewed = expect.objectContaining({ connected: true, due_at: clock.now() + GONE_AFTER_MS })
    await expect.poll(() => presenceOf(person), { timeout: 10_000 }).toEqual(renewed)
    first.close()
  })

  it('[SUP-02] given back to the queue at work, the candidate is told that nobody watches, since when', async () => {
    const { candidate, console } = await startSitting(server, 'camille@demo.test', FIRST)
    skipped = 5_000
    const attempt = attemptId.parse(candidate.attempt)
    granted(await console.ask('supervision:release', { attempt, reason: 'caseload' }))
    const view = await candidate.view((one) => one.proctor === null)
    expect(view).toMatchObject({
      status: 'running',
      notices: [{ kind: 'proctor', code: 'gone', at: start + 5_000 }],
    })
    candidate.close()
    console.close()
  })

  it('[SUP-02] with nobody to replace them the exam goes on, and the candidate stands first in the queue', async () => {
    const { candidate, console } = await startSitting(server, 'camille@demo.test', FIRST)
    const lead = await consolePage(server, 'responsable@demo.test')
    const { gone } = await awayOf(lead, FIRST)
    console.close()
    await gone
    skipped = GONE_AFTER_MS
    await candidate.view((one) => one.notices.some(({ code }) => code === 'gone'))
    const alone = await lead.case((one) => one.proctorId === null && one.view.status === 'running')
    expect(alone.actions.proctor).toContain('take')
    candidate.close()
    lead.close()
  })

  it('[SUP-02] with every colleague full nobody gets one too many: the candidate stands first in the queue, and a lead takes them', async () => {
    const content = sql<string>`jsonb_set(content::jsonb, '{maximumCaseload}', '1')`
    await server.db.updateTable('policy').set({ content }).execute()
    const { candidate, console } = await startSitting(server, 'camille@demo.test', FIRST)
    const { candidate: other, console: colleague } = await startSitting(server, 'noe@demo.test', SECOND)
    const lead = await consolePage(server, 'responsable@demo.test')
    const { gone } = await awayOf(lead, FIRST)
    console.close()
    await gone
    skipped = GONE_AFTER_MS
    const attempt = attemptId.parse(candidate.attempt)
    for (const everybody of [lead, colleague])
      await everybody.case((one) => one.view.attempt === attempt && one.proctorId === null)
    const refused = await colleague.ask('supervision:take', { attempt })
    expect(refused).toMatchObject({ ok: false, error: { code: 'caseload-full' } })
    granted(await lead.ask('supervision:take', { attempt }))
    await candidate.view((one) => one.proctor === 'Dominique')
    for (const page of [candidate, other, colleague, lead]) page.close()
  })

  it('[SUP-02] coming back within the minute keeps everybody; a reconnecting console brings all cases again', async () => {
    const { candidate, console } = await startSitting(server, 'camille@demo.test', FIRST)
    const colleague = await consolePage(server, SECOND)
    const { person, gone } = await awayOf(colleague, FIRST)
    console.close()
    await gone
    skipped = GONE_AFTER_MS - 1
    const back = await consolePage(server, FIRST)
    const here = await new Promise<ProctorView[]>((resolve) =>
      colleague.socket.on('proctors', (_session: string, list: ProctorView[]) => {
        if (list.some((one) => one.person === person && one.connected)) resolve(list)
      }),
    )
    expect(here.find((one) => one.person === person)).toMatchObject({
      load: 1,
      role: 'proctor',
      goneAt: null,
    })
    skipped = 2 * GONE_AFTER_MS
    granted(await back.ask('supervision:clock', {}))
    // The ticker comes by twice a second; what it would do is asked of the row it reads.
    const due = await server.db
      .selectFrom('proctor_presence')
      .select('person_id')
      .where('person_id', '=', person)
      .executeTakeFirst()
    expect(due).toBeDefined()
    expect((await readAttempt(server.db, candidate.attempt))?.state).toMatchObject({ proctorId: person })
    for (const page of [candidate, colleague, back]) page.close()
  })

  it('[SUP-01][SUP-02.3] whoever is taken off the session sees no more of it, and their candidates get a colleague', async () => {
    const { candidate, console } = await startSitting(server, 'camille@demo.test', FIRST)
    const colleague = await consolePage(server, SECOND)
    const asked: string[] = []
    console.socket.on('case', () => asked.push('case'))
    const sentAway = (one: Console) =>
      new Promise<string>((resolve) => one.socket.once('disconnect', (reason) => resolve(reason)))
    const away = sentAway(console)
    const staff = server.db.deleteFrom('session_staff').where('person_id', '=', await idOf(FIRST))
    await staff.execute()
    skipped = RENEW_EVERY_MS
    expect(await away).toBe('io server disconnect')
    const view = await candidate.view((one) => one.notices.some(({ code }) => code === 'replaced'))
    expect(view).toMatchObject({ status: 'running', proctor: 'Alix' })
    asked.length = 0
    console.socket.connect()
    await new Promise<void>((resolve) => console.socket.once('connect_error', () => resolve()))
    expect(asked).toEqual([])

    // Whoever becomes its lead answers for all of it, without asking for the page again.
    const comes = sentAway(colleague)
    const made = server.db.updateTable('session_staff').set({ role: 'lead' })
    await made.where('person_id', '=', await idOf(SECOND)).execute()
    await server.db
      .insertInto('person_role')
      .values({ person_id: await idOf(SECOND), role: 'lead' })
      .execute()
    skipped = 2 * RENEW_EVERY_MS
    expect(await comes).toBe('io server disconnect')
    const cases = new Promise<ConsoleIdentity>((resolve) =>
      colleague.socket.once('cases', (_cases: unknown, identity: ConsoleIdentity) => resolve(identity)),
    )
    colleague.socket.connect()
    expect(Object.values((await cases).sessions)).toEqual(['lead'])

    // And a role that is taken back is as good as the place.
    const dismissed = sentAway(colleague)
    const roles = server.db.deleteFrom('person_role').where('person_id', '=', await idOf(SECOND))
    await roles.where('role', '=', 'lead').execute()
    skipped = 3 * RENEW_EVERY_MS
    await dismissed
    candidate.close()
    colleague.close()
    console.close()
  })

  it('[SUP-02] a handover carries its note to the colleague; nobody outside the session and nobody who is not there gets a candidate', async () => {
    const candidate = await candidatePage(server, 'camille@demo.test')
    const console = await consolePage(server, FIRST)
    const colleague = await consolePage(server, SECOND)
    await reachQueue(server, candidate)
    const attempt = attemptId.parse(candidate.attempt)
    granted(await console.ask('supervision:take', { attempt }))
    const outsider = await idOf('relecture@demo.test')
    expect(await console.ask('supervision:hand-over', { attempt, to: outsider })).toMatchObject({
      ok: false,
      error: { code: 'proctor-unknown' },
    })
    const to = await idOf(SECOND)
    // Who is not there would never be found gone, and nobody would watch.
    const absent = await idOf('responsable@demo.test')
    expect(await console.ask('supervision:hand-over', { attempt, to: absent })).toMatchObject({
      ok: false,
      error: { code: 'proctor-absent' },
    })
    granted(await console.ask('supervision:hand-over', { attempt, to, note: 'La porte reste ouverte.' }))
    const got = await colleague.case((one) => one.proctorId === to)
    expect(got.handover).toMatchObject({ by: 'Sacha Laurent', to, note: 'La porte reste ouverte.' })
    expect(await console.ask('supervision:timeline', { attempt })).toMatchObject({
      ok: false,
      error: { code: 'not-allowed' },
    })
    const { marks } = granted(await colleague.ask('supervision:timeline', { attempt }))
    expect(marks.find(({ type }) => type === 'handed-over')?.detail).toMatchObject({
      note: 'La porte reste ouverte.',
    })
    for (const page of [candidate, console, colleague]) page.close()
  })
})
