import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RECORDED_UPLOADS } from '../fakes/recordedUploads.ts'
import { scripts, soundScript } from '../fakes/script.ts'
import { scriptedDevices } from '../fakes/scriptedDevices.ts'
import { type LineScript, scriptedDirection } from '../fakes/scriptedLine.ts'
import type { Pace } from './devices.ts'
import { type BandwidthLive, LONGEST_MS, MOST_BYTES, bandwidthProbe } from './bandwidth.ts'
import { CHUNK_GOAL_MS, downloadRate, nextChunk, steadyRate, uploadRate } from './throughput.ts'

const over = (line: LineScript) => scriptedDevices({ ...soundScript, line })

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

  it.each<[string, LineScript]>([
    ['slow to get going', { downKbps: 50_000, upKbps: 50_000, roundTripMs: 100, slowStart: true }],
    [
      'that hands out a rested second for nothing',
      { downKbps: 768, upKbps: 384, roundTripMs: 40, burstBytes: 64_000 },
    ],
    ['of a radio network', { downKbps: 2_000, upKbps: 768, roundTripMs: 60, gatheredMs: 110 }],
    [
      'that stops for a while',
      { downKbps: 768, upKbps: 384, roundTripMs: 40, stall: { atMs: 3_000, forMs: 350 } },
    ],
    [
      'read by a busy page',
      { downKbps: 10_000, upKbps: 2_000, roundTripMs: 40, busy: { atMs: 1_500, forMs: 400 } },
    ],
  ])('[CHK-06] finds a line %s within 15 %%', async (_what, line) => {
    const probe = bandwidthProbe(over(line))
    probe.start()
    const measured = await probe.result
    if (measured.outcome === 'failed') throw new Error(measured.failure)
    expect(Math.abs(measured.downKbps / line.downKbps - 1), `${measured.downKbps} down`).toBeLessThan(0.15)
    expect(Math.abs(measured.upKbps / line.upKbps - 1), `${measured.upKbps} up`).toBeLessThan(0.15)
  })

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

  it.each<[string, number | null, number, Pace?]>([
    ['not at all', 0, 0],
    ['for some seconds', 4_000, 4_000],
    ['without end', null, 12_000],
    ['without end, where an earlier check still stands', null, 4_000, 'quick'],
  ])(
    '[CHK-06] waits for a site that still loads %s, and not for ever',
    async (_what, siteLoadsForMs, waits, pace = 'whole') => {
      const devices = scriptedDevices({ ...soundScript, siteLoadsForMs })
      const began: number[] = []
      const probe = bandwidthProbe(devices, pace)
      probe.onValue(({ stage }) => {
        if (stage !== 'settling') began.push(devices.now())
      })
      probe.start()
      expect(await probe.result).toMatchObject({ outcome: 'measured' })
      expect(began[0]! - soundScript.line.roundTripMs).toBe(waits)
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

  it('[CHK-06] what was measured before the caps refused the rest is kept', async () => {
    const probe = bandwidthProbe(
      over({ downKbps: 5_000, upKbps: 2_000, roundTripMs: 30, cappedAfterBytes: 200_000 }),
    )
    probe.start()
    const measured = await probe.result
    if (measured.outcome === 'failed') throw new Error(measured.failure)
    expect(Math.abs(measured.downKbps / 5_000 - 1), `${measured.downKbps} down`).toBeLessThan(0.15)
    expect(Math.abs(measured.upKbps / 2_000 - 1), `${measured.upKbps} up`).toBeLessThan(0.15)
    expect(measured.downBytes).toBeLessThanOrEqual(200_000)
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

/** Speeds from 200 kbit/s to 50 Mbit/s, as many in each order of magnitude. */
const speeds = fc.double({ min: Math.log(200), max: Math.log(50_000), noNaN: true }).map(Math.exp)
/** A chunk as large as the probe makes the one it judges by. */
const chunkOf = (kbps: number) => Math.min((kbps / 8) * CHUNK_GOAL_MS, MOST_BYTES * 0.6)

/** What the estimator reads from a line, as a share of the truth; a smaller chunk has gone before, as in the probe. */
function readOver(
  kbps: number,
  line: Omit<LineScript, 'downKbps' | 'upKbps'>,
  way: 'down' | 'up' = 'down',
): number {
  const direction = scriptedDirection({ ...line, downKbps: kbps, upKbps: kbps }, kbps)
  const bytes = chunkOf(kbps)
  const before = direction(0, bytes / 4)
  const { arrivals, lastedMs } = direction(Math.max(10_000, before.lastedMs), bytes)
  const read =
    way === 'down'
      ? downloadRate({ bytes, arrivals, lastedMs }, lastedMs)
      : uploadRate({ bytes, arrivals, lastedMs: null }, lastedMs)
  return read / kbps
}

describe('[CHK-06] the estimator over lines as they are, from 200 kbit/s to 50 Mbit/s', () => {
  const within = (share: number): void => {
    expect(Math.abs(share - 1), `${share} of the truth`).toBeLessThan(0.15)
  }

  it('[CHK-06] leaves out the time in which the line gets up to speed', () => {
    fc.assert(
      fc.property(speeds, fc.integer({ min: 5, max: 60 }), (kbps, roundTripMs) =>
        within(readOver(kbps, { roundTripMs, slowStart: true })),
      ),
    )
  })

  it('[CHK-06] is not taken in by the free bytes of a rested line', () => {
    fc.assert(
      fc.property(speeds, fc.double({ min: 0, max: 0.2, noNaN: true }), (kbps, share) =>
        within(readOver(kbps, { roundTripMs: 30, burstBytes: share * chunkOf(kbps) })),
      ),
    )
  })

  it('[CHK-06] is not confused by bytes that come in lumps', () => {
    fc.assert(
      fc.property(speeds, fc.integer({ min: 1, max: 200 }), (kbps, gatheredMs) =>
        within(readOver(kbps, { roundTripMs: 30, gatheredMs })),
      ),
    )
  })

  it('[CHK-06] is not confused by lost packets, behind which the others wait to come all at once', () => {
    fc.assert(
      fc.property(
        speeds,
        fc.integer({ min: 10, max: 60 }),
        fc.integer({ min: 10, max: 150 }),
        fc.constantFrom('down', 'up'),
        (kbps, losesEvery, roundTripMs, way) => {
          // Where one wait is a tenth of the whole transfer, at the highest speeds, what is read is how long it took.
          fc.pre(roundTripMs < ((chunkOf(kbps) * 8) / kbps) * 0.1)
          // What is sent again takes its share of the line.
          const left = 1 / (1 + 1 / losesEvery)
          within(readOver(kbps, { roundTripMs, losesEvery }, way) / left)
        },
      ),
    )
  })

  it('[CHK-06] forgives the line one pause, wherever it is, and a reader that was busy', () => {
    const share = (max: number) => fc.double({ min: 0, max, noNaN: true })
    fc.assert(
      fc.property(
        speeds,
        share(0.9),
        share(0.18),
        fc.constantFrom('stall', 'busy'),
        (kbps, after, lasting, what) => {
          const takesMs = chunkOf(kbps) / (kbps / 8)
          const moment = { atMs: 10_000 + after * takesMs, forMs: lasting * takesMs }
          within(readOver(kbps, { roundTripMs: 30, [what]: moment }))
        },
      ),
    )
  })

  it('[CHK-06] says of a line that only works half of the time what it brings in the end', () => {
    const comes = Array.from({ length: 200 }, (_, index) => {
      const second = Math.floor(index / 10)
      return { at: second * 400 + (index % 10) * 20, bytes: (index + 1) * 1000 }
    })
    const mean = (200_000 * 8) / (19 * 400 + 180)
    expect(steadyRate(comes, mean)).toBeLessThan(mean * 1.2)
  })
})

describe('[CHK-06] reading a transfer', () => {
  it.each(RECORDED_UPLOADS)(
    '[CHK-06] finds the $kbps kbit/s of a real line that dropped packets by the dozen',
    ({ kbps, takenMs, arrivals }) => {
      const came = arrivals.map(([at, bytes]) => ({ at, bytes }))
      const transfer = { bytes: came.at(-1)!.bytes, arrivals: came, lastedMs: null }
      expect(Math.abs(uploadRate(transfer, takenMs) / kbps - 1)).toBeLessThan(0.12)
    },
  )

  it('[CHK-06] reads a transfer that came in one piece by its whole time', () => {
    const piece = { bytes: 1000, arrivals: [{ at: 100, bytes: 1000 }], lastedMs: 0 }
    expect(downloadRate(piece, 10)).toBe(800)
    expect(downloadRate({ ...piece, arrivals: null, lastedMs: null }, 10)).toBe(800)
  })

  it('[CHK-06] an upload by how it came in at the other end, not by how it left', () => {
    const arrivals = Array.from({ length: 26 }, (_, index) => ({
      at: index * 100,
      bytes: index * 1_250 + 5_000,
    }))
    const upload = { bytes: 36_250, arrivals, lastedMs: null }
    expect(uploadRate(upload, 2_800)).toBeCloseTo(100)
    // Nobody said, or something on the way had gathered it all before the server saw the first byte.
    const gathered = [
      { at: 0, bytes: 1 },
      { at: 90, bytes: 36_250 },
    ]
    expect(uploadRate({ ...upload, arrivals: null }, 2_900)).toBeCloseTo(100)
    expect(uploadRate({ ...upload, arrivals: gathered }, 2_900)).toBeCloseTo(100)
  })

  it('[CHK-06] stays near what came on the whole when the page read late', () => {
    // Nothing was read for most of the time, then all of it: the browser saw it come in 2.5 s all the same.
    const arrivals = [...Array(10).keys()].map((index) => ({
      at: 2_000 + index * 60,
      bytes: (index + 1) * 25_000,
    }))
    const read = downloadRate({ bytes: 250_000, arrivals, lastedMs: 2_500 }, 2_600)
    expect(Math.abs(read / 800 - 1)).toBeLessThan(0.16)
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
