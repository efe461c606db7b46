import { describe, expect, it } from 'vitest'
import { scripts, soundScript } from '../fakes/script.ts'
import { scriptedDevices } from '../fakes/scriptedDevices.ts'
import { type BandwidthLive, LONGEST_MS, MOST_BYTES, bandwidthProbe } from './bandwidth.ts'
import { nextChunk, steadyRate } from './throughput.ts'

const over = (line: { downKbps: number; upKbps: number; roundTripMs: number }) =>
  scriptedDevices({ ...soundScript, line })

describe('[CHK-06] bandwidth probe', () => {
  it.each([
    [200, 200, 20],
    [768, 384, 60],
    [2_000, 700, 150],
    [20_000, 5_000, 30],
    [50_000, 50_000, 10],
    [1_000_000, 1_000_000, 1],
  ])(
    '[CHK-06] finds a line of %i down and %i up at %i ms within 15 %%',
    async (downKbps, upKbps, roundTripMs) => {
      const probe = bandwidthProbe(over({ downKbps, upKbps, roundTripMs }))
      probe.start()
      const measured = await probe.result
      if (measured.outcome === 'failed') throw new Error(measured.failure)
      expect(Math.abs(measured.downKbps / downKbps - 1)).toBeLessThan(0.15)
      expect(Math.abs(measured.upKbps / upKbps - 1)).toBeLessThan(0.15)
      expect(measured).toMatchObject({ roundTripMs, jitterMs: 0 })
    },
  )

  it.each([20, 200, 5_000, 50_000, 1_000_000])(
    '[CHK-06] never takes more than 8 s and 10 MB a direction, at %i kbit/s',
    async (kbps) => {
      const devices = over({ downKbps: kbps, upKbps: kbps, roundTripMs: 40 })
      const entered = new Map<string, number>()
      const probe = bandwidthProbe(devices)
      probe.onValue(({ stage }: BandwidthLive) => {
        if (!entered.has(stage)) entered.set(stage, devices.now())
      })
      probe.start()
      const measured = await probe.result
      const end = devices.now()
      if (measured.outcome === 'failed') throw new Error(measured.failure)
      expect(measured.downBytes).toBeLessThanOrEqual(MOST_BYTES)
      expect(measured.upBytes).toBeLessThanOrEqual(MOST_BYTES)
      const [down = 0, up = 0] = [entered.get('down'), entered.get('up')]
      expect(up - down).toBeLessThanOrEqual(LONGEST_MS + 50)
      expect(end - up).toBeLessThanOrEqual(LONGEST_MS + 50)
    },
  )

  it.each([
    ['cutLine', 'unreachable'],
    ['cappedLine', 'capped'],
  ] as const)('[CHK-06] %s is %s', async (script, failure) => {
    const probe = bandwidthProbe(scriptedDevices(scripts[script]))
    probe.start()
    expect(await probe.result).toEqual({ outcome: 'failed', failure })
  })

  it('[CHK-01] can be stopped in the middle', async () => {
    const probe = bandwidthProbe(scriptedDevices(scripts.slowLine))
    probe.onValue(({ stage }) => {
      if (stage === 'down') probe.stop()
    })
    probe.start()
    expect(await probe.result).toEqual({ outcome: 'failed', failure: 'interrupted' })
  })
})

describe('[CHK-06] reading a transfer', () => {
  it('[CHK-06] leaves out the time in which the line gets up to speed', () => {
    const slowStart = Array.from({ length: 3 }, (_, index) => ({ at: index * 100, bytes: index * 500 }))
    const steady = Array.from({ length: 8 }, (_, index) => ({
      at: 300 + index * 100,
      bytes: 1500 + index * 10_000,
    }))
    expect(steadyRate([...slowStart, ...steady], 1000)).toBeCloseTo(800)
  })

  it('[CHK-06] reads a transfer that came in one piece by its whole time', () => {
    expect(steadyRate([{ at: 100, bytes: 1000 }], 10)).toBe(800)
    expect(steadyRate([], 10)).toBe(0)
  })

  it('[CHK-06] asks for nothing more when nothing can be learnt from it', () => {
    const known = { previous: 32_000, kbps: 800, bytesLeft: 1e7, msLeft: 8000, goalMs: 2500 }
    expect(nextChunk(known)).toBe(128_000)
    expect(nextChunk({ ...known, previous: 128_000 })).toBe(250_000)
    expect(nextChunk({ ...known, bytesLeft: 100 })).toBe(0)
    expect(nextChunk({ ...known, msLeft: 10 })).toBe(0)
    expect(nextChunk({ ...known, kbps: 0 })).toBe(0)
  })
})
