import { keepRoom, type RoomHandle, type TicketSource } from './liveRoom.ts'
import type { LocalTrack, Publishing } from './room/localTrack.ts'
import type { Room } from './room/room.ts'
import { createSendingReader } from './sendingReader.ts'
import { SOURCES, type Source } from './sources.ts'
import { openEar, type Ear } from './voice.ts'

/** Widest small picture of a screen, for a tile of the wall: enough to see that something changes. */
const THUMBNAIL = 320
/** Highest large picture of a screen; what a larger screen shows is still legible in it. */
const SCREEN_HEIGHT = 1_080

const CAMERA_SMALL = { maxBitrate: 150_000, maxFramerate: 15, scaleResolutionDownBy: 2 }
const CAMERA_LARGE = { maxBitrate: 450_000, maxFramerate: 15 }
const SCREEN_SMALL = { maxBitrate: 40_000, maxFramerate: 2 }
const SCREEN_LARGE = { maxBitrate: 500_000, maxFramerate: 5 }

/** Camera and screen for a wall, and the screen in full: what it takes to read it, in kilobits per second. */
const LEGIBLE = (CAMERA_SMALL.maxBitrate + SCREEN_SMALL.maxBitrate + SCREEN_LARGE.maxBitrate) / 1_000
/** The least that makes a film, in kilobits per second. */
const FILM = 160
/** What film and screen may claim of the uplink that was measured. */
const CLAIMED = 0.4

/**
 * What film and screen may take of a line at any moment, in kilobits per second. Chromium finds out what a line carries by
 * how packets are delayed: each piece of the recording delays them, and it gave way until the film was a slide show, on
 * lines that would have carried it (decision 15). Where a line has become worse, the page steps down to stills [ROOM-02].
 */
export const floorOf = (uplinkKbps: number | null): number =>
  Math.round(Math.min(LEGIBLE, Math.max(FILM, (uplinkKbps ?? 0) * CLAIMED)))

/**
 * The small layers are for the wall, the large ones for an open candidate; nobody pays for what nobody watches. WebRTC
 * holds a large layer back altogether until the line carries it in full beside the small ones: where that is not sure the
 * screen has its large layer alone, which gives way in frames and stays legible (decision 15).
 */
export function publishingOf(source: Source, track: MediaStreamTrack, uplinkKbps: number | null): Publishing {
  const floorKbps = floorOf(uplinkKbps)
  switch (source) {
    case 'camera':
      return {
        source,
        layers: [CAMERA_SMALL, CAMERA_LARGE],
        degradationPreference: 'maintain-framerate',
        floorKbps,
      }
    case 'microphone':
      return { source, layers: [{ maxBitrate: 24_000 }] }
    case 'screen': {
      const { width = 1_280, height = 720 } = track.getSettings()
      const large = Math.max(1, height / SCREEN_HEIGHT)
      const layers = [
        { ...SCREEN_SMALL, scaleResolutionDownBy: Math.max(large, width / THUMBNAIL) },
        { ...SCREEN_LARGE, scaleResolutionDownBy: large },
      ]
      const both = uplinkKbps === null || floorKbps >= LEGIBLE
      return {
        source,
        layers: both ? layers : layers.slice(1),
        degradationPreference: 'maintain-resolution',
        floorKbps,
      }
    }
  }
}

/** How what is published fares on its way, as measured just now. */
export interface Sending {
  /** In the room, with media transport connected. */
  readonly joined: boolean
  /** Share of packets lost, 0 to 1; null when the other side has not said. */
  readonly loss: number | null
  /** Milliseconds there and back; null when the room has not measured it. */
  readonly roundTrip: number | null
  /** Camera frames sent a second; null while pictures rest, nobody watches, or before the first. */
  readonly frames: number | null
}

const NOT_JOINED: Sending = { joined: false, loss: null, roundTrip: null, frames: null }

export interface Publisher extends RoomHandle {
  /** Publishes this track as `source`, instead of the one before; null takes it away. Safe at any moment. */
  share(source: Source, track: MediaStreamTrack | null): void
  /** Camera and screen stay published and send nothing, or send again; sound goes on if it passes [ROOM-02]. */
  rest(resting: boolean): void
  /** Publishes these anew: the room says it lacks them. */
  republish(sources: readonly Source[]): void
  measure(): Promise<Sending>
  /** Plays a proctor who speaks in the room, and says so [SUP-05]. */
  readonly ear: Ear
}

/**
 * The candidate's side of the room: publishes tracks the page has opened itself, so that nothing but the page ever
 * opens a device, and publishes them again after every join. The uplink is what the check measured, in kilobits per second;
 * null when nobody knows.
 */
export function openPublisher(ticket: TicketSource, uplinkKbps: number | null): Publisher {
  const wanted = new Map<Source, MediaStreamTrack>()
  let work: Promise<void> = Promise.resolve()
  let resting = false
  const readSending = createSendingReader()
  const ear = openEar()

  const publishedAs = (room: Room, source: Source): LocalTrack[] =>
    room.published.filter((track) => track.source === source)

  /** Makes what is published equal to what is wanted. */
  async function settle(room: Room): Promise<void> {
    for (const source of SOURCES) {
      const track = wanted.get(source) ?? null
      for (const one of publishedAs(room, source)) if (one.media !== track) room.unpublish(one)
      const [published] = publishedAs(room, source)
      const picture = source !== 'microphone'
      if (published && picture) published.rest(resting)
      // A room joined while pictures rest gets them when they move again: a track that never sends is a fault there.
      if (published || !track || track.readyState !== 'live' || (picture && resting)) continue
      // Set before it is published: the encoder asks once.
      if (source === 'screen') track.contentHint = 'text'
      await room.publish(track, publishingOf(source, track, uplinkKbps))
    }
  }

  /** One change at a time; what fails is tried again with the next change, and after the next join. */
  function later(change: (room: Room) => Promise<void> | void): void {
    work = work.then(() => (keeper.room ? change(keeper.room) : undefined)).catch(() => {})
  }

  const keeper = keepRoom({
    ticket,
    joined: async (room) => {
      ear.listen(room)
      const settled = work.then(() => settle(room))
      work = settled.catch(() => {})
      await settled
    },
    mended: () => later(settle),
    changed: () => ear.listen(keeper.room),
  })

  return {
    ear,
    get state() {
      return keeper.state
    },
    share(source, track) {
      if (track) wanted.set(source, track)
      else wanted.delete(source)
      later(settle)
    },
    rest(wish) {
      if (resting === wish) return
      resting = wish
      later(settle)
    },
    republish(sources) {
      later((room) => {
        for (const source of sources) for (const one of publishedAs(room, source)) room.unpublish(one)
        return settle(room)
      })
    },
    async measure() {
      const { room } = keeper
      if (!room?.flows) return NOT_JOINED
      const reports = await Promise.all(room.published.map(({ sender }) => sender.getStats()))
      return { ...readSending(reports, resting), joined: true }
    },
    close: () => keeper.close(),
  }
}
