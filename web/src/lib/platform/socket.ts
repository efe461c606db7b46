import type { Ack } from '@vigie/contract/errors'
import type { EventTable } from '@vigie/contract/event'
import { PROTOCOL_VERSION } from '@vigie/contract/protocol'
import { io, type Socket } from 'socket.io-client'
import { createSubscriber } from 'svelte/reactivity'
import type { z } from 'zod'
import { isTransient, Problem, problemOf, type ProblemCode } from './problem.ts'

/** The line to the server as a page shows it. `since` is wall time, for « depuis 12 s » only. */
export type LineState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'reconnecting'; readonly since: number }
  /** The server will not have this page: trying again would change nothing. */
  | { readonly kind: 'refused'; readonly code: ProblemCode }
  | { readonly kind: 'closed' }

export interface LiveLineOptions<Pushed> {
  /** What the page says at each connection, asked again every time: credential, lease, last number. */
  readonly greeting: () => Record<string, unknown>
  readonly on: Partial<Pushed>
  /** After each successful connection, the first one included; the server pushes its snapshot by itself. */
  readonly onconnected?: () => void
  readonly onstate?: (state: LineState) => void
}

/** What an event of a table takes, before the server parses it. */
export type InputOf<Table extends EventTable, Name extends keyof Table> = z.input<Table[Name]['input']>
/** What its acknowledgement carries. */
export type AnswerOf<Table extends EventTable, Name extends keyof Table> = z.output<Table[Name]['answer']>

export interface LiveLine<Table extends EventTable> {
  /** Reactive: read it in a component or an effect. */
  readonly state: LineState
  /**
   * Sends one event and gives what its acknowledgement carries. Throws a `Problem`: the server's code, `offline`
   * without a line (nothing was sent), `no-answer` after `patience` milliseconds (it may have been done).
   */
  send<Name extends keyof Table & string>(
    event: Name,
    input: InputOf<Table, Name>,
    patience?: number,
  ): Promise<AnswerOf<Table, Name>>
  /** Leaves for good. */
  close(): void
}

const PATIENCE = 8_000
/** Reconnection goes on for the whole exam: from a quarter of a second to at most 5 s, each wait drawn anew. */
const RECONNECTION = { first: 250, longest: 5_000, jitter: 0.5 }

/**
 * Opens the page's line to the server: WebSocket only, the protocol version in the greeting [ROOM-06], reconnection
 * without end. Only a refusal that names a rule stops it.
 */
export function openLine<Table extends EventTable, Pushed>(
  options: LiveLineOptions<Pushed>,
): LiveLine<Table> {
  let state: LineState = { kind: 'connecting' }
  let redraw: () => void = () => {}
  let retry: ReturnType<typeof setTimeout> | undefined
  const subscribe = createSubscriber((update) => {
    redraw = update
    return () => (redraw = () => {})
  })

  const socket: Socket = io(location.origin, {
    transports: ['websocket'],
    reconnectionDelay: RECONNECTION.first,
    reconnectionDelayMax: RECONNECTION.longest,
    randomizationFactor: RECONNECTION.jitter,
    timeout: 10_000,
    auth: (give) => give({ ...options.greeting(), protocol: PROTOCOL_VERSION }),
  })

  function become(next: LineState): void {
    if (state.kind === 'closed' || (state.kind === 'refused' && next.kind !== 'closed')) return
    if (state.kind === 'reconnecting' && next.kind === 'reconnecting') return
    state = next
    options.onstate?.(state)
    redraw()
  }

  /** Socket.IO leaves a line alone that the server itself cut or refused; then the next try is ours. */
  function tryAgain(wait: number): void {
    clearTimeout(retry)
    retry = setTimeout(() => socket.connect(), wait * (1 - RECONNECTION.jitter * Math.random()))
  }

  socket.on('connect', () => {
    become({ kind: 'connected' })
    options.onconnected?.()
  })
  socket.on('disconnect', (reason) => {
    if (reason === 'io client disconnect') return
    become({ kind: 'reconnecting', since: Date.now() })
    if (!socket.active) tryAgain(RECONNECTION.first * 4)
  })
  socket.on('connect_error', (error) => {
    if (socket.active) return become({ kind: 'reconnecting', since: Date.now() })
    const problem = problemOf('data' in error ? error.data : null)
    if (isTransient(problem)) {
      become({ kind: 'reconnecting', since: Date.now() })
      tryAgain(RECONNECTION.longest)
    } else {
      become({ kind: 'refused', code: problem.code })
    }
  })
  for (const [name, handler] of Object.entries(options.on)) {
    if (typeof handler === 'function') socket.on(name, handler as (...payload: unknown[]) => void)
  }

  return {
    get state() {
      subscribe()
      return state
    },
    async send(event, input, patience = PATIENCE) {
      if (!socket.connected) throw new Problem('offline')
      let ack: Ack<never>
      try {
        ack = (await socket.timeout(patience).emitWithAck(event, input)) as Ack<never>
      } catch {
        // A line that broke while the answer was awaited says no more than a late one: it may have been done.
        throw new Problem('no-answer')
      }
      if (!ack.ok) throw problemOf(ack.error)
      return ack.value
    },
    close() {
      clearTimeout(retry)
      become({ kind: 'closed' })
      socket.disconnect()
    },
  }
}
