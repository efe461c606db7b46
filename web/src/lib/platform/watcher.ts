import { keepRoom, type RoomHandle, type RoomState, type TicketSource } from './liveRoom.ts'
import type { Participant, RemoteTrack } from './room/participants.ts'
import type { Quality } from './room/wants.ts'
import { SOURCES, type Source } from './sources.ts'

export interface Watcher extends RoomHandle {
  /** What the candidate publishes at this moment. Reactive. */
  readonly published: ReadonlySet<Source>
  /** Sources whose frames or sound arrive here. Reactive. */
  readonly arriving: ReadonlySet<Source>
  /** The candidate's sound level, 0 to 1, as the SFU reports it, subscribed or not. Reactive. */
  readonly level: number
  /** Subscribes to a source at a quality. Everything starts `off`. */
  want(source: Source, quality: Quality): void
  /** Plays a source in an element whenever it arrives. Gives the way to take it off. */
  attach(source: Source, element: HTMLMediaElement): () => void
}

/**
 * A proctor's hidden side of a candidate's room [ROOM-01]: publishes nothing, receives only what was asked for with
 * `want`, and asks again after every join.
 */
export function openWatcher(
  attempt: string,
  ticket: TicketSource,
  onstate?: (state: RoomState) => void,
): Watcher {
  const wants = new Map<Source, Quality>()
  const elements = new Map<Source, Set<HTMLMediaElement>>(SOURCES.map((source) => [source, new Set()]))

  /** Only the candidate's own participants count; a proctor who speaks is in the same room. */
  const candidates = (): Participant[] =>
    keeper.room?.participants.all().filter(({ identity }) => identity.startsWith(`${attempt}:`)) ?? []

  const tracksOf = (source: Source): RemoteTrack[] =>
    candidates().flatMap(({ tracks }) => [...tracks.values()].filter((track) => track.source === source))

  /** A page that was reloaded may stand beside its own ghost for some seconds: the latest one publishes. */
  const trackOf = (source: Source): RemoteTrack | null => tracksOf(source).at(-1) ?? null

  function apply(source: Source): void {
    const shown = trackOf(source)
    for (const track of tracksOf(source))
      keeper.room?.want(track, track === shown ? (wants.get(source) ?? 'off') : 'off')
    for (const element of elements.get(source) ?? []) play(element, shown?.media ?? null)
  }

  const keeper = keepRoom({
    ticket,
    joined: async () => SOURCES.forEach(apply),
    changed: () => SOURCES.forEach(apply),
    onstate,
  })

  return {
    get state() {
      return keeper.state
    },
    get published() {
      keeper.track()
      return new Set(SOURCES.filter((source) => trackOf(source) !== null))
    },
    get arriving() {
      keeper.track()
      return new Set(SOURCES.filter((source) => trackOf(source)?.media))
    },
    get level() {
      keeper.track()
      return Math.max(0, ...candidates().map(({ level }) => level))
    },
    want(source, quality) {
      if (wants.get(source) === quality) return
      wants.set(source, quality)
      apply(source)
      keeper.redraw()
    },
    attach(source, element) {
      elements.get(source)?.add(element)
      apply(source)
      return () => {
        elements.get(source)?.delete(element)
        element.srcObject = null
      }
    },
    close: () => keeper.close(),
  }
}

/** Shows these media in the element, or nothing; what it shows already goes on. */
function play(element: HTMLMediaElement, media: MediaStreamTrack | null): void {
  const shown = element.srcObject instanceof MediaStream ? element.srcObject.getTracks()[0] : undefined
  if (shown === (media ?? undefined)) return
  element.srcObject = media && new MediaStream([media])
}
