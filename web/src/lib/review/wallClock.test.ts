import { describe, expect, it } from 'vitest'
import { mediaAt, momentOf, nextRecorded, runsOf, type Fragment } from './wallClock.ts'

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
      expect(momentOf(runs, media!)).toBeCloseTo(start + offset, 3)
    }
  })

  it('knows what was not recorded, and where recording goes on', () => {
    expect(mediaAt(runs, start + 20_000)).toBeNull()
    expect(mediaAt(runs, start - 1)).toBeNull()
    expect(nextRecorded(runs, start + 20_000)).toBe(start + 30_000)
    expect(nextRecorded(runs, start + 5_000)).toBe(start + 5_000)
    expect(nextRecorded(runs, start + 38_000)).toBeNull()
    expect(momentOf(runs, 0.5)).toBeNull()
    expect(momentOf(runs, 40)).toBeNull()
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
