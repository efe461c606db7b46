import { describe, expect, it } from 'vitest'
import { mediaAt, momentOf, nextRecorded, pictureAt, runsOf, type Fragment } from './wallClock.ts'

const start = 1_790_000_000_000
/** Two runs: 0–12 s, then 30–38 s; the media's own line has no hole and begins at 1 s. */
const fragments: Fragment[] = [
  { programDateTime: start, start: 1, duration: 4 },
  { programDateTime: start + 4_000, start: 5, duration: 4 },
  { programDateTime: start + 8_001, start: 9, duration: 4 },
  { programDateTime: start + 30_000, start: 13, duration: 4 },
  { programDateTime: start + 34_000, start: 17, duration: 4 },
]
const runs = runsOf(fragments)

describe('[REV-02] one wall clock over two tracks', () => {
  it('joins what was recorded without interruption', () => {
    expect(runs).toEqual([
      { from: start, to: start + 12_001, start: 1 },
      { from: start + 30_000, to: start + 38_000, start: 13 },
    ])
  })

  it('finds a moment in the media and back, to the millisecond', () => {
    for (const offset of [0, 1, 3_999, 11_500, 30_000, 37_999]) {
      const media = mediaAt(runs, start + offset)
      expect(media).not.toBeNull()
      expect(momentOf(runs, media!, start + offset)).toBeCloseTo(start + offset, 3)
    }
  })

  it('knows what was not recorded, and where recording goes on', () => {
    expect(mediaAt(runs, start + 20_000)).toBeNull()
    expect(mediaAt(runs, start - 1)).toBeNull()
    expect(nextRecorded(runs, start + 20_000)).toBe(start + 30_000)
    expect(nextRecorded(runs, start + 5_000)).toBe(start + 5_000)
    expect(nextRecorded(runs, start + 38_000)).toBeNull()
  })

  it('reads a video that stands a hair beside the edge of a hole on its own side of it', () => {
    expect(momentOf(runs, 13 - 0.000_001, start + 30_000)).toBeCloseTo(start + 30_000, 1)
    expect(momentOf(runs, 13.01, start + 11_999)).toBeCloseTo(start + 12_010, 1)
    expect(momentOf(runs, 13, start + 20_000)).toBeNull()
  })

  it('stands on the first picture while only sound has begun, and on the last one while only sound goes on', () => {
    const buffered = [
      { from: 1.3, to: 12.7 },
      { from: 13.02, to: 20 },
    ]
    expect(pictureAt(runs, buffered, start)).toBe(1.3)
    expect(pictureAt(runs, buffered, start + 11_900)).toBeCloseTo(12.65, 5)
    expect(pictureAt(runs, buffered, start + 30_000)).toBe(13.02)
    expect(pictureAt(runs, buffered, start + 5_000)).toBe(6)
    expect(pictureAt(runs, buffered, start + 20_000)).toBeNull()
  })

  it('waits for what is still on its way, however near to it something is loaded', () => {
    // The segment before the loaded one: a step back leads there.
    expect(pictureAt(runs, [{ from: 5, to: 9 }], start + 3_900)).toBe(4.9)
    expect(pictureAt(runs, [{ from: 5, to: 9 }], start + 8_100)).toBe(9.1)
    expect(pictureAt(runs, [], start)).toBe(1)
  })

  it('begins a new run where a rendition’s clock stands elsewhere, and skips what has no date', () => {
    const shifted = runsOf([
      { programDateTime: start, start: 1, duration: 4 },
      { programDateTime: start + 4_300, start: 5, duration: 4 },
      { programDateTime: null, start: 9, duration: 4 },
    ])
    expect(shifted).toHaveLength(2)
    expect(runsOf([])).toEqual([])
  })
})
