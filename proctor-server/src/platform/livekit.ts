import {
  AccessToken,
  ParticipantInfo_State,
  RoomServiceClient,
  TrackSource,
  WebhookReceiver,
  type WebhookEvent,
} from 'livekit-server-sdk'
import type { AttemptStatus, MediaTrack } from '@vigie/exam-engine/attempt/state'
import type { Joiner } from '@vigie/exam-engine/supervision/joiners'
import type { Config } from '../config.ts'
import { Refused } from './refused.ts'

/** A ticket into one room; the browser joins at `<origin>/livekit` with it. */
export interface RoomTicket {
  readonly room: string
  readonly identity: string
  readonly token: string
}

/** A proctor's or lead's stay in a room, to watch or to speak. */
export interface Onlooker {
  readonly identity: string
  readonly person: string
}

export interface LiveRooms {
  /** For the candidate: publishes camera, microphone and screen; sees nobody but a proctor who speaks. */
  candidateTicket(attempt: string, nonce: string): Promise<RoomTicket>
  /** For a proctor who watches: hidden, publishes nothing. */
  watcherTicket(attempt: string, proctor: string, nonce: string): Promise<RoomTicket>
  /** For a proctor's voice: a second, visible identity that publishes a microphone and receives nothing [SUP-05]. */
  speakerTicket(attempt: string, proctor: string, nonce: string): Promise<RoomTicket>
  /** Who is in the room, as its candidate or to watch or speak; nobody, too, when there is no such room. */
  present(attempt: string): Promise<{ joiners: Joiner[]; onlookers: Onlooker[] }>
  /** Shows a candidate's page out. Somebody who has gone already is fine. */
  remove(attempt: string, nonce: string): Promise<void>
  /** Shows out somebody who watches or speaks. Somebody who has gone already is fine. */
  removeOnlooker(attempt: string, onlooker: Onlooker): Promise<void>
  /** The attempts that have a room now. */
  open(): Promise<string[]>
  /**
   * For the equipment check: rooms of one that nobody watches, gone as soon as they are empty [CHK-06]. The relay is
   * tried in a room of its own, since the SFU remembers by which way somebody was in a room and offers only that one
   * again.
   */
  trialTickets(trial: string): Promise<{ readonly token: string; readonly relayToken: string }>
  /** Ends a trial's rooms. Those that are already gone are fine. */
  closeTrial(trial: string): Promise<void>
  /** Ends the room and everybody's presence in it. A room that is already gone is fine. */
  close(attempt: string): Promise<void>
  /** Parses and verifies a webhook of the SFU; throws when its signature is not ours. */
  webhook(body: string, authorization: string | undefined): Promise<WebhookEvent>
  healthy(): Promise<boolean>
}

const TICKET_SECONDS = 120
/** An exam day at most: the room outlives every interruption of its attempt. */
const ROOM_SECONDS = 6 * 3600

/**
 * Hidden watchers and voices count too, and so do ghosts of a page that has just been reloaded: several leads who look
 * at once must never keep the candidate out of their own room.
 */
const ROOM_PLACES = 24

/** A trial takes seconds; its room ends with it, and its ticket opens no second one. */
const TRIAL_SECONDS = 60

const roomOf = (attempt: string): string => `attempt-${attempt}`
const trialRoomsOf = (trial: string): readonly [string, string] => [`check-${trial}`, `check-relay-${trial}`]

/** The attempt a room belongs to, or null for a room that is none of ours. */
export const attemptOfRoom = (room: string): string | null =>
  /^attempt-([0-9a-f-]{36})$/.exec(room)?.[1] ?? null

/** From entry to the end of the sitting: the only time a candidate has business in the room. */
export const IN_THE_ROOM: readonly AttemptStatus[] = [
  'preparing',
  'waiting',
  'checking',
  'unlocked',
  'running',
  'held',
]

const TRACK_OF: Readonly<Partial<Record<TrackSource, MediaTrack>>> = {
  [TrackSource.CAMERA]: 'camera',
  [TrackSource.MICROPHONE]: 'microphone',
  [TrackSource.SCREEN_SHARE]: 'screen',
}

/** What is gone already needs no removing. */
async function unlessGone(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'not_found') throw error
  }
}

/**
 * One room per attempt [ROOM-01]. The room is created again before every ticket: creating is idempotent, and an SFU
 * that restarted has forgotten it. No name, no personal data goes to the SFU.
 */
export function createLiveRooms(config: Config['livekit']): LiveRooms {
  const service = new RoomServiceClient(config.url, config.apiKey, config.apiSecret)
  const receiver = new WebhookReceiver(config.apiKey, config.apiSecret)

  async function ticket(attempt: string, identity: string, grant: Parameters<AccessToken['addGrant']>[0]) {
    const room = roomOf(attempt)
    await service
      .createRoom({
        name: room,
        emptyTimeout: ROOM_SECONDS,
        departureTimeout: ROOM_SECONDS,
        maxParticipants: ROOM_PLACES,
      })
      // An SFU that is away is an ordinary fact of an exam day: pages ask again, the health probe tells the staff.
      .catch(() => Promise.reject(new Refused('live-unavailable')))
    const token = new AccessToken(config.apiKey, config.apiSecret, { identity, ttl: TICKET_SECONDS })
    token.addGrant({ room, roomJoin: true, ...grant })
    return { room, identity, token: await token.toJwt() }
  }

  async function roomOfOne(room: string, identity: string): Promise<string> {
    await service.createRoom({ name: room, emptyTimeout: 30, departureTimeout: 20, maxParticipants: 1 })
    const token = new AccessToken(config.apiKey, config.apiSecret, { identity, ttl: TRIAL_SECONDS })
    token.addGrant({
      room,
      roomJoin: true,
      canPublish: true,
      canPublishSources: [TrackSource.CAMERA],
      canPublishData: false,
      canSubscribe: false,
    })
    return token.toJwt()
  }

  return {
    async trialTickets(trial) {
      const [room, relayRoom] = trialRoomsOf(trial)
      const [token, relayToken] = await Promise.all([roomOfOne(room, trial), roomOfOne(relayRoom, trial)])
      return { token, relayToken }
    },
    async closeTrial(trial) {
      for (const room of trialRoomsOf(trial)) await unlessGone(service.deleteRoom(room))
    },
    candidateTicket: (attempt, nonce) =>
      ticket(attempt, `${attempt}:${nonce}`, {
        canPublish: true,
        canPublishSources: [TrackSource.CAMERA, TrackSource.MICROPHONE, TrackSource.SCREEN_SHARE],
        canPublishData: false,
        canSubscribe: true,
      }),
    watcherTicket: (attempt, proctor, nonce) =>
      ticket(attempt, `watch:${proctor}:${nonce}`, {
        hidden: true,
        canPublish: false,
        canPublishData: false,
        canSubscribe: true,
      }),
    speakerTicket: (attempt, proctor, nonce) =>
      ticket(attempt, `speak:${proctor}:${nonce}`, {
        canPublish: true,
        canPublishSources: [TrackSource.MICROPHONE],
        canPublishData: false,
        canSubscribe: false,
      }),
    async present(attempt) {
      const listed = await service.listParticipants(roomOf(attempt)).catch((error: unknown) => {
        if ((error as { code?: unknown }).code === 'not_found') return []
        throw error
      })
      return {
        joiners: listed
          .filter(
            (one) => one.identity.startsWith(`${attempt}:`) && one.state === ParticipantInfo_State.ACTIVE,
          )
          .map((one) => ({
            nonce: one.identity.slice(attempt.length + 1),
            stay: one.sid,
            joinedAt: Number(one.joinedAtMs) || Number(one.joinedAt) * 1_000,
            tracks: one.tracks.flatMap(({ source }) => TRACK_OF[source] ?? []),
          })),
        onlookers: listed.flatMap(({ identity }) => {
          const person = /^(?:watch|speak):([^:]+):/.exec(identity)?.[1]
          return person === undefined ? [] : { identity, person }
        }),
      }
    },
    remove: (attempt, nonce) => unlessGone(service.removeParticipant(roomOf(attempt), `${attempt}:${nonce}`)),
    removeOnlooker: (attempt, { identity }) =>
      unlessGone(service.removeParticipant(roomOf(attempt), identity)),
    open: async () => (await service.listRooms()).flatMap(({ name }) => attemptOfRoom(name) ?? []),
    close: (attempt) => unlessGone(service.deleteRoom(roomOf(attempt))),
    webhook: (body, authorization) => receiver.receive(body, authorization),
    async healthy() {
      try {
        const answer = await fetch(config.url, { signal: AbortSignal.timeout(1_500) })
        return answer.status === 200 || answer.status === 406
      } catch {
        return false
      }
    },
  }
}
