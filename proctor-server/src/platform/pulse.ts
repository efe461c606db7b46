import type { Socket } from 'socket.io'
import type { Clock } from './clock.ts'

/** How often the other end is asked whether it is there, in milliseconds: of all that idle pages cost, this is nearly all. */
const ASK_EVERY = 1_000
/** Lines are asked in turn, a share of them at each tick: thousands at once would hold everything else up. */
const TICK = 50
/** Without an answer for so long, beyond what the line usually takes, it has stopped: seen within 2 s [ROOM-03]. */
const PATIENCE = 1_600
/** A process whose own tick came this late was held up itself. */
const HELD_UP = 300

interface Pinged {
  ping(): void
  on(event: 'pong', heard: () => void): unknown
  readonly readyState: number
}

interface Pulse {
  readonly line: Pinged
  /** When it is asked next. */
  dueAt: number
  askedAt: number | null
  heardAt: number
  /** What an answer usually takes, in milliseconds. */
  usual: number
  silent: boolean
  readonly onchange: (silent: boolean) => void
}

/** The WebSocket under a Socket.IO socket: its ping is answered by the browser itself, however busy the page is. */
function lineOf(socket: Socket): Pinged | null {
  const { transport } = socket.conn as unknown as { transport?: { socket?: Partial<Pinged> } }
  const line = transport?.socket
  return typeof line?.ping === 'function' && typeof line.on === 'function' ? (line as Pinged) : null
}

/**
 * Feels the pulse of sockets: a computer that was closed or froze says no goodbye, and Socket.IO notices after many
 * seconds only. A process that was itself held up judges nobody.
 */
export function createPulse(clock: Clock) {
  const felt = new Set<Pulse>()
  let tickedAt = clock.elapsed()
  let turn = 0

  function tick(): void {
    const now = clock.elapsed()
    const heldUp = now - tickedAt > HELD_UP
    tickedAt = now
    for (const pulse of felt) {
      if (heldUp) {
        pulse.heardAt = now
        pulse.askedAt = null
      } else if (!pulse.silent && now - pulse.heardAt > PATIENCE + 2 * pulse.usual) {
        pulse.silent = true
        pulse.onchange(true)
      }
      if (now < pulse.dueAt) continue
      while (pulse.dueAt <= now) pulse.dueAt += ASK_EVERY
      pulse.askedAt ??= now
      if (pulse.line.readyState === 1) pulse.line.ping()
    }
  }
  const timer = setInterval(tick, TICK)
  timer.unref()

  return {
    /** `onchange` hears when the other end falls silent and when it is heard again. Gives the way to stop. */
    feel(socket: Socket, onchange: (silent: boolean) => void): () => void {
      const line = lineOf(socket)
      if (!line) return () => {}
      // After a restart thousands come back in the same moment: each gets another turn.
      turn = (turn + TICK) % ASK_EVERY
      const pulse: Pulse = {
        line,
        dueAt: clock.elapsed() + TICK + turn,
        askedAt: null,
        heardAt: clock.elapsed(),
        usual: 0,
        silent: false,
        onchange,
      }
      line.on('pong', () => {
        const now = clock.elapsed()
        if (pulse.askedAt !== null) pulse.usual += (Math.min(now - pulse.askedAt, PATIENCE) - pulse.usual) / 8
        pulse.askedAt = null
        pulse.heardAt = now
        if (pulse.silent && felt.has(pulse)) {
          pulse.silent = false
          pulse.onchange(false)
        }
      })
      felt.add(pulse)
      return () => felt.delete(pulse)
    },
    stop(): void {
      clearInterval(timer)
      felt.clear()
    },
  }
}

export type PulseReader = ReturnType<typeof createPulse>
