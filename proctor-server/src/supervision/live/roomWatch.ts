import type { RoomTicket } from '@vigie/contract/attempt/api'
import { MEDIA_TRACKS, type AttemptState, type MediaTrack } from '@vigie/exam-engine/attempt/state'
import { reckonJoiners, type Joiner } from '@vigie/exam-engine/supervision/joiners'
import { SECOND } from '@vigie/kernel/instant'
import type { Act } from '../../attempt/act.ts'
import type { Publisher } from '../../attempt/publish.ts'
import { readAttempt } from '../../attempt/store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import { randomToken } from '../../platform/keys.ts'
import { IN_THE_ROOM, type LiveRooms, type Onlooker } from '../../platform/livekit.ts'
import type { Log } from '../../platform/log.ts'
import { Refused } from '../../platform/refused.ts'
import { staffings } from '../store.ts'
import { signalLost } from './live.ts'
import {
  addSignal,
  onAirNow,
  addTicket,
  lastStills,
  noteStay,
  raiseSecondJoiner,
  readLiveState,
  ticketsOf,
  writeUnpublished,
} from './store.ts'

interface RoomWatchDeps {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly rooms: LiveRooms
  readonly act: Act
  readonly publisher: Publisher
}

/** A page that has just joined, or whose pictures move again, publishes one track after the other: nothing is missing yet. */
const SETTLING = 10 * SECOND
/** Something that changes hands is missing for a moment: only what a second look still misses is a loss, in milliseconds. */
const SECOND_LOOK = 3 * SECOND
/** A page that says it is seen and is not, in the room or by stills, in milliseconds. */
const UNSEEN = 15 * SECOND
/** What the SFU told and nobody heard is found out at the latest after this, in milliseconds. */
const SWEEP_EVERY = 20_000

/** From the queue on, camera, microphone and screen have to be in the room [ROOM-03]. */
const ON_AIR: readonly AttemptState['status'][] = ['waiting', 'checking', 'unlocked', 'running', 'held']

/**
 * What the SFU has in the rooms against what ought to be there [ROOM-05]. A webhook is only a reason to look now; a
 * lost one is made good by the next sweep, because truth is what the SFU lists.
 */
export function createRoomWatch({ db, clock, log, rooms, act, publisher }: RoomWatchDeps) {
  /** A ticket for the candidate's page: it becomes the only one that is alive. */
  async function ticketFor(attempt: string, lease: number | null): Promise<RoomTicket> {
    const stored = await readAttempt(db, attempt)
    if (!stored) throw new Refused('attempt-unknown')
    const { state } = stored
    if (!IN_THE_ROOM.includes(state.status)) throw new Refused('closed')
    const current = 'presence' in state ? state.presence.lease : 0
    if (lease !== null && lease < current) throw new Refused('lease-superseded')
    const nonce = randomToken().slice(0, 16)
    await addTicket(db, { attempt, nonce, lease, at: clock.now() })
    return rooms.candidateTicket(attempt, nonce)
  }

  /** Since when something was missing at every look: a memory of this process, which only puts an incident off. */
  const missingSince = new Map<string, number>()
  const looksAhead = new Set<NodeJS.Timeout>()

  /** Whether it has been missing for so long; the first time it is, another look is planned for then. */
  function stillMissing(attempt: string, what: string, patience: number): boolean {
    const name = `${attempt} ${what}`
    const since = missingSince.get(name)
    if (since !== undefined) return clock.now() - since >= patience
    missingSince.set(name, clock.now())
    const timer = setTimeout(() => {
      looksAhead.delete(timer)
      look(attempt).catch((error: unknown) =>
        log.warn({ err: error, attempt }, 'a room could not be looked at'),
      )
    }, patience)
    timer.unref()
    looksAhead.add(timer)
    return false
  }
  const seen = (attempt: string, what: string): void => void missingSince.delete(`${attempt} ${what}`)
  const forget = (attempt: string): void => {
    for (const what of ['page', ...MEDIA_TRACKS]) seen(attempt, what)
  }

  /** What a page on air that is there ought to send now and does not; null while that cannot be said. */
  async function missingOf(
    attempt: string,
    page: Joiner | null,
    live: Awaited<ReturnType<typeof readLiveState>>,
  ): Promise<readonly MediaTrack[] | null> {
    const now = clock.now()
    const step = live?.step ?? 'live'
    if (step === 'stills') {
      const { camera, screen } = await lastStills(db, attempt)
      const since = live?.step_since ?? now
      const late = (at: number | null) => now - Math.max(at ?? 0, since) >= UNSEEN
      return [...(late(camera) ? (['camera'] as const) : []), ...(late(screen) ? (['screen'] as const) : [])]
    }
    if (step !== 'live') return null
    if (!page) {
      // A page that has never said how it is seen has not come so far.
      if (live?.step_since == null || !stillMissing(attempt, 'page', UNSEEN)) return null
      return now - live.step_since >= UNSEEN ? MEDIA_TRACKS : null
    }
    seen(attempt, 'page')
    if (now - Math.max(page.joinedAt, live?.step_since ?? 0) < SETTLING) return null
    const sent = (track: MediaTrack) => page.tracks.includes(track)
    for (const track of MEDIA_TRACKS.filter(sent)) seen(attempt, track)
    const lacking = MEDIA_TRACKS.filter((track) => !sent(track))
    return lacking.filter(
      (track) => live?.unpublished.includes(track) || stillMissing(attempt, track, SECOND_LOOK),
    )
  }

  /** A page that is there and sends less than it ought to: an incident, whoever says it first [ROOM-03]. */
  async function watchTracks(attempt: string, state: AttemptState, page: Joiner | null): Promise<void> {
    // Nothing is awaited of who is not there, or not any longer.
    if (!ON_AIR.includes(state.status) || !('presence' in state) || !state.presence.connected)
      return forget(attempt)
    const live = await readLiveState(db, attempt)
    const missing = await missingOf(attempt, page, live)
    if (!missing) return
    const known = live?.unpublished ?? []
    const fresh = missing.filter((track) => !state.presence.lostMedia.some((lost) => lost.track === track))
    const back = known.filter((track) => !missing.includes(track))
    if (fresh.length === 0 && back.length === 0) return
    await writeUnpublished(
      db,
      attempt,
      [...known, ...fresh].filter((track) => missing.includes(track)),
    )
    const by = { role: 'system' } as const
    const { lease } = state.presence
    for (const track of fresh)
      await act(attempt, { type: 'mediaLost', track, by, lease }, signalLost('unpublished'))
    for (const track of back) await act(attempt, { type: 'mediaBack', track, by, lease })
  }

  /** Whoever no longer answers for a candidate is not left looking at them, or speaking to them [ROOM-01]. */
  async function showOut(
    attempt: string,
    state: AttemptState,
    onlookers: readonly Onlooker[],
  ): Promise<void> {
    const theirs = 'proctorId' in state ? state.proctorId : null
    const others = onlookers.filter(({ person }) => person !== theirs)
    const staffed = await staffings(db, [...new Set(others.map(({ person }) => person))])
    for (const onlooker of others) {
      if (staffed.get(onlooker.person)?.get(state.booking.sessionId) === 'lead') continue
      log.warn({ attempt, identity: onlooker.identity }, 'no proctor of this candidate; shown out')
      await rooms.removeOnlooker(attempt, onlooker)
    }
  }

  /** Looks at one room and puts it right. */
  async function look(attempt: string): Promise<void> {
    const stored = await readAttempt(db, attempt)
    if (!stored || !IN_THE_ROOM.includes(stored.state.status)) {
      log.warn({ attempt, status: stored?.state.status }, 'a room that is over is open; it is closed again')
      await rooms.close(attempt)
      return
    }
    const { joiners, onlookers } = await rooms.present(attempt)
    await showOut(attempt, stored.state, onlookers)
    const { noted, out, alarm, page } = reckonJoiners(await ticketsOf(db, attempt), joiners)
    for (const joiner of noted) await noteStay(db, joiner)
    for (const joiner of out) await rooms.remove(attempt, joiner.nonce)
    if (alarm) {
      log.warn({ attempt }, 'two joined the room with one identity')
      const at = clock.now()
      if (await raiseSecondJoiner(db, attempt, at)) {
        await addSignal(db, attempt, 'second-joiner', at)
        await publisher.show(attempt)
      }
    }
    await watchTracks(attempt, stored.state, page)
  }

  /** Looks at every room the SFU has, and after every page that says it is seen. */
  async function sweep(): Promise<void> {
    for (const attempt of new Set([...(await rooms.open()), ...(await onAirNow(db, ON_AIR))])) {
      await look(attempt).catch((error: unknown) =>
        log.warn({ err: error, attempt }, 'a room could not be looked at'),
      )
    }
  }

  return {
    ticketFor,
    look,
    sweep,
    /** Sweeps as long as the process lives; an SFU that is away is asked again the next time. */
    start(): { stop(): Promise<void> } {
      let stopped = false
      let timer: NodeJS.Timeout | undefined
      let current: Promise<void> = Promise.resolve()
      const again = (): void => {
        if (stopped) return
        timer = setTimeout(() => {
          current = sweep()
            .catch((error: unknown) => log.debug({ err: error }, 'the SFU could not be asked for its rooms'))
            .then(again)
        }, SWEEP_EVERY)
      }
      again()
      return {
        async stop() {
          stopped = true
          clearTimeout(timer)
          for (const ahead of looksAhead) clearTimeout(ahead)
          await current
        },
      }
    },
  }
}

export type RoomWatch = ReturnType<typeof createRoomWatch>
