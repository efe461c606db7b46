import type { Socket } from 'socket.io'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPulse } from './pulse.ts'

describe('the pulse of lines', () => {
  let held = 0
  const clock = { now: () => Date.now(), elapsed: () => performance.now() + held }
  let pulse: ReturnType<typeof createPulse>
  beforeEach(() => {
    vi.useFakeTimers()
    held = 0
    pulse = createPulse(clock)
  })
  afterEach(() => {
    pulse.stop()
    vi.useRealTimers()
  })

  /** A line whose other end answers `rtt` ms later while it is alive. */
  function feel(rtt = 20) {
    const told: { silent: boolean; at: number }[] = []
    const asked: number[] = []
    let heard = () => {}
    const end = { alive: true }
    const line = {
      readyState: 1,
      ping() {
        asked.push(performance.now())
        setTimeout(() => end.alive && heard(), rtt)
      },
      on: (_event: string, listener: () => void) => {
        heard = listener
      },
    }
    const socket = { conn: { transport: { socket: line } } } as unknown as Socket
    pulse.feel(socket, (silent) => told.push({ silent, at: performance.now() }))
    return { told, asked, end }
  }

  it('[ROOM-03.3] four thousand lines are asked in turn, never many in one moment, and none is taken for silent', () => {
    const lines = Array.from({ length: 4_000 }, () => feel())
    vi.advanceTimersByTime(7_000)
    const atOnce = new Map<number, number>()
    for (const { asked } of lines) for (const at of asked) atOnce.set(at, (atOnce.get(at) ?? 0) + 1)
    expect(Math.max(...atOnce.values())).toBeLessThanOrEqual(200)
    expect(Math.min(...lines.map(({ asked }) => asked.length))).toBeGreaterThanOrEqual(6)
    expect(lines.flatMap(({ told }) => told)).toEqual([])
  })

  it('[ROOM-03.3] an end that falls silent is noticed within 2 s, and heard again when it answers', () => {
    const { told, end } = feel()
    const neighbour = feel()
    vi.advanceTimersByTime(5_000)
    end.alive = false
    const since = performance.now()
    vi.advanceTimersByTime(2_000)
    expect(told).toMatchObject([{ silent: true }])
    expect(told[0]!.at - since).toBeLessThanOrEqual(1_800)
    end.alive = true
    vi.advanceTimersByTime(1_000)
    expect(told.map(({ silent }) => silent)).toEqual([true, false])
    expect(neighbour.told).toEqual([])
  })

  it('[ROOM-03.3] a line that takes half a second each way is slow, not silent', () => {
    const { told } = feel(1_000)
    vi.advanceTimersByTime(30_000)
    expect(told).toEqual([])
  })

  it('[ROOM-03.3] a process that was held up itself judges nobody', () => {
    const { told } = feel()
    vi.advanceTimersByTime(3_000)
    held += 5_000
    vi.advanceTimersByTime(3_000)
    expect(told).toEqual([])
  })
})
