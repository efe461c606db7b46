import type { RoomTicket } from '@vigie/contract/attempt/api'
import type { Room, RoomOptions } from 'livekit-client'
import { createSubscriber } from 'svelte/reactivity'
import { retryWait } from './waits.ts'

/** Whether media pass. `since` is wall time, for « depuis 12 s » only. */
export type RoomState =
  | { readonly kind: 'joining' }
  | { readonly kind: 'live' }
  | { readonly kind: 'reconnecting'; readonly since: number }
  | { readonly kind: 'closed' }

/** Asks the server for a ticket. Called at each join: a ticket is short-lived, and the room may have to be made again. */
export type TicketSource = () => Promise<RoomTicket>

/** LiveKit's client is heavy: it is its own file, fetched when the first room is opened. The service worker has it stored before that [ROOM-06]. */
export const library = async () => {
  // Named one by one, so that the build leaves out what we do not use.
  const { Room, RoomEvent, Track, VideoPreset, VideoQuality, setLogLevel } = await import('livekit-client')
  // Cuts are ordinary here and shown on the page; the console is for what nobody foresaw.
  setLogLevel('silent')
  return { Room, RoomEvent, Track, VideoPreset, VideoQuality }
}
export type LiveKit = Awaited<ReturnType<typeof library>>

/** LiveKit's signalling passes under our own origin. */
const signallingUrl = (): string => `${location.origin.replace(/^http/, 'ws')}/livekit`

/**
 * LiveKit mends a short cut by itself, with the room and ticket it has. Past these tries (about 4 s) it hands back,
 * and we join anew with a fresh ticket, without end: that heals an expired ticket and an SFU that lost its rooms.
 */
const MENDING = [0, 300, 1_200, 2_500]
/** A stay in a room that lasts until it is closed, whatever the network and the SFU do meanwhile. */
export interface RoomHandle {
  /** Reactive: read it in a component or an effect. */
  readonly state: RoomState
  close(): void
}

export interface Keeper extends RoomHandle {
  /** Tells readers of the handle that something they read has changed. */
  redraw(): void
  /** To be called where reactive values are read. */
  track(): void
}

export interface Kept {
  readonly ticket: TicketSource
  readonly options: RoomOptions
  readonly autoSubscribe: boolean
  /** A ticket is good for one stay: where LiveKit would join anew with the old one, we do with a fresh one [ROOM-05]. */
  readonly oneStay?: boolean
  /** Hooks a new room up, before it connects. */
  readonly prepare: (room: Room, lk: LiveKit) => void
  /** After each join; a failure makes the room be left and joined again. */
  readonly joined: (room: Room, lk: LiveKit) => Promise<void>
  readonly onstate?: ((state: RoomState) => void) | undefined
}

/** Stays in a room until told to leave: joins, lets LiveKit mend, joins anew, without end. */
export function keepRoom(kept: Kept): Keeper {
  let state: RoomState = { kind: 'joining' }
  let room: Room | null = null
  let redraw: () => void = () => {}
  const stop = new AbortController()
  const track = createSubscriber((update) => {
    redraw = update
    return () => (redraw = () => {})
  })

  function become(next: RoomState): void {
    if (state.kind === 'closed' || (state.kind === 'reconnecting' && next.kind === 'reconnecting')) return
    state = next
    kept.onstate?.(state)
    redraw()
  }

  /** One stay in the room, from the ticket to the moment it is lost for LiveKit. True when it had been live. */
  async function stay(lk: LiveKit): Promise<boolean> {
    let live = false
    const current = new lk.Room({
      ...kept.options,
      reconnectPolicy: { nextRetryDelayInMs: ({ retryCount }) => MENDING[retryCount] ?? null },
      disconnectOnPageLeave: true,
    })
    room = current
    const lost = new Promise<void>((resolve) => {
      current.on(lk.RoomEvent.Disconnected, () => resolve())
      stop.signal.addEventListener('abort', () => resolve(), { once: true })
    })
    const broken = () => become({ kind: 'reconnecting', since: Date.now() })
    current.on(lk.RoomEvent.SignalReconnecting, broken).on(lk.RoomEvent.Reconnecting, () => {
      broken()
      // Without a network LiveKit waits and resumes the same stay; otherwise it is about to join anew.
      if (kept.oneStay && navigator.onLine) void current.disconnect()
    })
    current.on(lk.RoomEvent.Reconnected, () => become({ kind: 'live' }))
    try {
      const ticket = await kept.ticket()
      if (stop.signal.aborted) return live
      kept.prepare(current, lk)
      await current.connect(signallingUrl(), ticket.token, {
        autoSubscribe: kept.autoSubscribe,
        maxRetries: 0,
      })
      await kept.joined(current, lk)
      live = true
      become({ kind: 'live' })
      await lost
    } finally {
      room = null
      await current.disconnect()
    }
    return live
  }

  async function keep(): Promise<void> {
    let failures = 0
    while (!stop.signal.aborted) {
      const live = await library()
        .then(stay)
        .catch(() => false)
      if (stop.signal.aborted) return
      become({ kind: 'reconnecting', since: Date.now() })
      failures = live ? 0 : failures + 1
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, retryWait(failures + 1))
        stop.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
      })
    }
  }

  void keep()
  return {
    get state() {
      track()
      return state
    },
    redraw: () => redraw(),
    track,
    close() {
      become({ kind: 'closed' })
      stop.abort()
      void room?.disconnect()
    },
  }
}
