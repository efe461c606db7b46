import type { RoomTicket } from '@vigie/contract/attempt/api'
import { createSubscriber } from 'svelte/reactivity'
import { Room } from './room/room.ts'
import { retryWait } from './waits.ts'

/** Whether media pass. `since` is wall time, for « depuis 12 s » only. */
export type RoomState =
  | { readonly kind: 'joining' }
  | { readonly kind: 'live' }
  | { readonly kind: 'reconnecting'; readonly since: number }
  | { readonly kind: 'closed' }

/** Asks the server for a ticket. Called at each join: a ticket is short-lived, and the room may have to be made again. */
export type TicketSource = () => Promise<RoomTicket>

/** LiveKit's signalling passes under our own origin. */
export const signallingUrl = (): string => `${location.origin.replace(/^http/, 'ws')}/livekit`

/** A stay in a room that lasts until it is closed, whatever the network and the SFU do meanwhile. */
export interface RoomHandle {
  /** Reactive: read it in a component or an effect. */
  readonly state: RoomState
  close(): void
}

export interface Keeper extends RoomHandle {
  /** The room while it is joined; what happens in it meanwhile. */
  readonly room: Room | null
  /** Tells readers of the handle that something they read has changed. */
  redraw(): void
  /** To be called where reactive values are read. */
  track(): void
}

export interface Kept {
  readonly ticket: TicketSource
  /** After each join; a failure makes the room be left and joined again. */
  readonly joined: (room: Room) => Promise<void>
  /** After a cut that was mended within the same stay. */
  readonly mended?: () => void
  /** Somebody or something in the room changed; also after the room was left. */
  readonly changed?: () => void
  readonly onstate?: ((state: RoomState) => void) | undefined
}

/**
 * Stays in a room until told to leave: joins, lets the room mend short cuts, and joins anew with a fresh ticket, without
 * end. That heals an expired ticket and an SFU that lost its rooms; one ticket is good for one stay [ROOM-05].
 */
export function keepRoom(kept: Kept): Keeper {
  let state: RoomState = { kind: 'joining' }
  let current: Room | null = null
  let joined: Room | null = null
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

  function changed(): void {
    kept.changed?.()
    redraw()
  }

  /** One stay, from the ticket to the moment it is lost. True when it had been live. */
  async function stay(): Promise<boolean> {
    const { token } = await kept.ticket()
    if (stop.signal.aborted) return false
    const room = new Room(signallingUrl(), {
      changed,
      mending: () => become({ kind: 'reconnecting', since: Date.now() }),
      mended: () => {
        become({ kind: 'live' })
        kept.mended?.()
      },
    })
    current = room
    try {
      await room.join(token)
      joined = room
      await kept.joined(room)
      become({ kind: 'live' })
      await room.over
      return true
    } finally {
      room.leave()
      current = null
      joined = null
      changed()
    }
  }

  async function keep(): Promise<void> {
    let failures = 0
    while (!stop.signal.aborted) {
      const live = await stay().catch(() => false)
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
    get room() {
      return joined
    },
    redraw: () => redraw(),
    track,
    close() {
      become({ kind: 'closed' })
      stop.abort()
      current?.leave()
    },
  }
}
