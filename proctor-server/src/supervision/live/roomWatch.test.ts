import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAct } from '../../attempt/act.ts'
import { createPublisher } from '../../attempt/publish.ts'
import { systemClock } from '../../platform/clock.ts'
import { createLiveRooms } from '../../platform/livekit.ts'
import { createLog } from '../../platform/log.ts'
import { granted, startSitting, type Candidate, type Console } from '../../testing/examDay.ts'
import { request } from '../../testing/people.ts'
import { startTestServer, type TestServer } from '../../testing/server.ts'
import { startScriptedSfu, type Present } from '../../testing/sfu.ts'
import { createRoomWatch, type RoomWatch } from './roomWatch.ts'

const ALL = ['camera', 'microphone', 'screen'] as const
const LONG_AGO = () => Date.now() - 60_000

describe('what the SFU has in a candidate’s room', () => {
  let sfu: Awaited<ReturnType<typeof startScriptedSfu>>
  let server: TestServer
  let candidate: Candidate
  let console: Console
  let room: string
  /** The same watch as the running server's, for the step that its timer would take. */
  let watch: RoomWatch
  /** How far the watch of the tests is ahead of the time, in milliseconds. */
  let ahead = 0
  let stays = 0
  let lease = 0

  beforeAll(async () => {
    sfu = await startScriptedSfu()
    server = await startTestServer({ livekit: sfu })
    ;({ candidate, console } = await startSitting(server))
    room = `attempt-${candidate.attempt}`
    lease = candidate.lease
    const { db } = server
    const log = createLog('silent')
    const rooms = createLiveRooms({ url: sfu.url, apiKey: sfu.key, apiSecret: sfu.secret })
    const silent = { toCandidate() {}, toConsoles() {}, toMinders() {}, toColleagues() {}, supersede() {} }
    const publisher = createPublisher({
      db,
      clock: systemClock,
      log,
      rooms: silent,
      loadMoved: () => {},
    })
    const clock = { ...systemClock, now: () => systemClock.now() + ahead }
    const act = createAct({
      db,
      clock: systemClock,
      replica: 'beside',
      withChanges: async () => {},
      publish: () => {},
    })
    watch = createRoomWatch({ db, clock, log, rooms, act, publisher })
  })
  afterAll(async () => {
    candidate?.close()
    console?.close()
    await server?.[Symbol.asyncDispose]()
    await sfu?.[Symbol.asyncDispose]()
  })

  /** A ticket as the page asks for one; gives the identity it opens the room to. */
  async function ticket(held = lease): Promise<string> {
    const { status, body } = await request(server, 'POST', `/api/attempts/${candidate.attempt}/ticket`, {
      credential: candidate.credential,
      body: { lease: held },
    })
    if (status !== 200) throw new Error(String(body['code']))
    return body['identity'] as string
  }
  /** Somebody comes into the room with an identity, and stays until shown out. */
  function joins(identity: string, joinedAt = LONG_AGO(), tracks: Present['tracks'] = [...ALL]): Present {
    const present = { identity, sid: `PA_${(stays += 1)}`, joinedAt, tracks }
    const others = (sfu.rooms.get(room) ?? []).filter((one) => one.identity !== identity)
    sfu.rooms.set(room, [...others, present])
    return present
  }
  const identities = () => (sfu.rooms.get(room) ?? []).map(({ identity }) => identity)
  const lost = async () =>
    (
      await server.db
        .selectFrom('attempt')
        .select('state')
        .where('id', '=', candidate.attempt)
        .executeTakeFirstOrThrow()
    ).state as unknown as { presence: { lostMedia: { track: string }[] } }
  const alarm = async () =>
    (
      await server.db
        .selectFrom('live_state')
        .select('second_joiner_at')
        .where('attempt_id', '=', candidate.attempt)
        .executeTakeFirst()
    )?.second_joiner_at ?? null

  it('[ROOM-01] the room is made again before every ticket, each for a nonce of its own', async () => {
    const before = sfu.asked.filter((call) => call === `CreateRoom ${room}`).length
    const [one, other] = [await ticket(), await ticket()]
    expect(one).not.toBe(other)
    expect(sfu.asked.filter((call) => call === `CreateRoom ${room}`).length).toBe(before + 2)
  })

  it('[ROOM-03.2] a track that is no longer sent is an incident by the SFU’s own word, and its return ends it', async () => {
    const page = joins(await ticket())
    await sfu.tell(server.origin, 'participant_joined', room, page.identity)
    page.tracks = ['camera', 'microphone']
    await sfu.tell(server.origin, 'track_unpublished', room, page.identity)
    const seen = await console.case((one) => one.view.lostMedia.length > 0)
    expect(seen.view.lostMedia).toMatchObject([{ track: 'screen' }])
    expect(seen.view.live.unpublished).toEqual(['screen'])
    const signal = await server.db
      .selectFrom('remark')
      .select(['code', 'detail'])
      .where('kind', '=', 'signal')
      .execute()
    expect(signal).toContainEqual({ code: 'screen-lost', detail: { cause: 'unpublished' } })
    page.tracks = [...ALL]
    await sfu.tell(server.origin, 'track_published', room, page.identity)
    await console.case((one) => one.view.lostMedia.length === 0 && one.view.live.unpublished.length === 0)
  })

  it('[ROOM-03.2] while pictures rest, or after a cut that threw the page out, nothing is a loss', async () => {
    const page = joins(await ticket())
    granted(await candidate.ask('attempt:step', { step: 'stills' }))
    page.tracks = []
    await sfu.tell(server.origin, 'track_unpublished', room, page.identity)
    expect((await lost()).presence.lostMedia).toEqual([])
    granted(await candidate.ask('attempt:step', { step: 'live', ago: 60_000 }))
    sfu.rooms.set(room, [])
    await sfu.tell(server.origin, 'participant_left', room, page.identity)
    expect((await lost()).presence.lostMedia).toEqual([])
  })

  it('[ROOM-05.5] webhooks that are lost are made good by the next sweep', async () => {
    const page = joins(await ticket())
    page.tracks = ['microphone', 'screen']
    await watch.sweep()
    expect((await lost()).presence.lostMedia, 'missing at one look').toEqual([])
    ahead += 3_000
    await watch.sweep()
    expect((await lost()).presence.lostMedia).toMatchObject([{ track: 'camera' }])
    const noted = await server.db
      .selectFrom('live_ticket')
      .select('stay')
      .where('nonce', '=', page.identity.split(':')[1]!)
      .executeTakeFirstOrThrow()
    expect(noted.stay).toBe(page.sid)
    page.tracks = [...ALL]
    await watch.sweep()
    expect((await lost()).presence.lostMedia).toEqual([])
  })

  it('[ROOM-03.2] what is missing at one look and there at the next was changing hands', async () => {
    const page = joins(await ticket())
    page.tracks = ['camera', 'microphone']
    await watch.sweep()
    page.tracks = [...ALL]
    ahead += 1_000
    await watch.sweep()
    page.tracks = ['camera', 'microphone']
    ahead += 2_500
    await watch.sweep()
    expect((await lost()).presence.lostMedia).toEqual([])
    page.tracks = [...ALL]
    await watch.sweep()
  })

  it('[ROOM-03.2] a page that says it is seen live and is not in the room is an incident after 15 s, until it is there', async () => {
    granted(await candidate.ask('attempt:step', { step: 'live', ago: 60_000 }))
    sfu.rooms.delete(room)
    await watch.sweep()
    ahead += 14_000
    await watch.sweep()
    expect((await lost()).presence.lostMedia).toEqual([])
    ahead += 1_000
    await watch.sweep()
    expect((await lost()).presence.lostMedia.map(({ track }) => track)).toEqual(ALL)
    joins(await ticket())
    await watch.sweep()
    expect((await lost()).presence.lostMedia).toEqual([])
  })

  it('[ROOM-03.2] a page that says it sends stills and sends none is an incident after 15 s, until it does', async () => {
    // Back in the time of the server, which writes when the step began.
    ahead = 0
    granted(await candidate.ask('attempt:step', { step: 'stills' }))
    await watch.sweep()
    expect((await lost()).presence.lostMedia).toEqual([])
    ahead += 15_000
    await watch.sweep()
    expect((await lost()).presence.lostMedia.map(({ track }) => track)).toEqual(['camera', 'screen'])
    granted(await candidate.ask('attempt:step', { step: 'live', ago: 60_000 }))
    joins(await ticket())
    await watch.sweep()
    expect((await lost()).presence.lostMedia).toEqual([])
  })

  it('[ROOM-05.4] a reload: the ghost of the page before leaves, and nobody is alarmed', async () => {
    const ghost = joins(await ticket())
    const page = joins(await ticket(), Date.now())
    await sfu.tell(server.origin, 'participant_joined', room, page.identity)
    expect(identities()).not.toContain(ghost.identity)
    expect(identities()).toContain(page.identity)
    expect(await alarm()).toBeNull()
  })

  it('[ROOM-05.4] two joiners with one identity raise an alarm that stands until a proctor has seen it', async () => {
    const page = joins(await ticket())
    await sfu.tell(server.origin, 'participant_joined', room, page.identity)
    const second = joins(page.identity, Date.now())
    await sfu.tell(server.origin, 'participant_joined', room, second.identity)
    const alarmed = await console.case((one) => one.live.secondJoinerAt !== null)
    expect(alarmed.live.signal).toMatchObject({ code: 'second-joiner' })
    expect(identities()).not.toContain(second.identity)
    const attempt = attemptId.parse(candidate.attempt)
    granted(await console.ask('supervision:joiner-seen', { attempt }))
    await console.case((one) => one.live.secondJoinerAt === null)
    // The page that was thrown out with it comes back with a ticket of its own.
    const back = joins(await ticket(), Date.now())
    await watch.sweep()
    expect(identities()).toContain(back.identity)
    expect(await alarm()).toBeNull()
  })

  it('[ROOM-05.4] the same with the webhooks lost: the sweep sees it', async () => {
    const page = joins(await ticket())
    await watch.sweep()
    joins(page.identity, Date.now())
    await watch.sweep()
    expect(await alarm()).not.toBeNull()
    expect(identities()).not.toContain(page.identity)
  })

  it('[ROOM-05.1] a page with an older lease gets no ticket', async () => {
    const { body } = await request(server, 'POST', `/api/attempts/${candidate.attempt}/enter`, {
      cookie: candidate.cookie,
      body: { profile: 'profile-camille-demo-test' },
    })
    lease = body['lease'] as number
    await expect(ticket(candidate.lease)).rejects.toThrow('lease-superseded')
    expect(await ticket()).toContain(candidate.attempt)
  })

  it('[ROOM-01.1] whoever no longer answers for the candidate is shown out, watching or speaking; their proctor and a lead stay', async () => {
    const rooms = createLiveRooms({ url: sfu.url, apiKey: sfu.key, apiSecret: sfu.secret })
    const attempt = candidate.attempt
    const comesAs = async (email: string) => {
      const { id } = await server.db
        .selectFrom('person')
        .select('id')
        .where('email', '=', email)
        .executeTakeFirstOrThrow()
      const tickets = [
        await rooms.watcherTicket(attempt, id, 'w'),
        await rooms.speakerTicket(attempt, id, 's'),
      ]
      for (const { identity } of tickets) joins(identity, LONG_AGO(), [])
      return tickets.map(({ identity }) => identity)
    }
    const stay = [...(await comesAs('surveillant@demo.test')), ...(await comesAs('responsable@demo.test'))]
    const former = await comesAs('surveillant2@demo.test')
    await watch.sweep()
    expect(identities()).toEqual(expect.arrayContaining(stay))
    // The ticket is good for two minutes more: whoever uses it again is out again.
    for (const identity of former) {
      expect(identities()).not.toContain(identity)
      joins(identity, Date.now(), [])
      await sfu.tell(server.origin, 'participant_joined', room, identity)
      expect(identities()).not.toContain(identity)
    }
  })

  it('[ROOM-01] the room ends with the exam, and whoever comes late finds it closed again', async () => {
    const identity = await ticket()
    const attempt = attemptId.parse(candidate.attempt)
    granted(await console.ask('supervision:terminate', { attempt, reason: 'candidate-gave-up' }))
    await expect.poll(() => sfu.rooms.has(room), { timeout: 15_000 }).toBe(false)
    await expect(ticket()).rejects.toThrow('closed')
    joins(identity, Date.now())
    expect(await sfu.tell(server.origin, 'participant_joined', room, identity)).toBe(204)
    expect(sfu.rooms.has(room)).toBe(false)
    joins(identity, Date.now())
    await watch.sweep()
    expect(sfu.rooms.has(room)).toBe(false)
  })
})
