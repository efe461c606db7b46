import { describe, expect, it } from 'vitest'
import { encodingsFor, LIVE_NEEDS, recordingBitrate } from './encodings.ts'
import { allowanceAt, pauseAfter, paceOf } from './pacing.ts'

describe('[EVD-02.1] bitrate from the measured uplink', () => {
  it.each([
    [null, 300],
    [10_000, 300],
    [560, 300],
    [500, 240],
    [384, 124],
    [300, 120],
    [50, 120],
  ])('%s kbit/s up: %s kbit/s', (uplink, kbps) => {
    expect(recordingBitrate(uplink)).toBe(kbps)
    const { camera, screen } = encodingsFor(uplink)
    expect(camera.bitrate + camera.soundBitrate + screen.bitrate + screen.soundBitrate).toBe(kbps * 1_000)
  })
})

describe('[EVD-02.1] the pace of sending', () => {
  const line = { uplinkKbps: 384, live: true, allowanceKbps: null }
  it('leaves the live picture what it needs, and takes the whole line once that has ended', () => {
    expect(paceOf(line)).toBe(384 - LIVE_NEEDS)
    expect(paceOf({ ...line, uplinkKbps: 100 })).toBe(120)
    expect(paceOf({ ...line, live: false })).toBeNull()
    // Nobody has measured the line of a computer that was changed to: it catches up without taking all of it.
    expect(paceOf({ ...line, uplinkKbps: null })).toBe(600)
    expect(paceOf({ ...line, uplinkKbps: null, live: false })).toBeNull()
  })
  it('is the live side’s to lower, down to nothing', () => {
    expect(paceOf({ ...line, allowanceKbps: 40 })).toBe(40)
    expect(pauseAfter(1_000, 10, paceOf({ ...line, allowanceKbps: 0 }))).toBe(Number.POSITIVE_INFINITY)
  })
  it('[ROOM-02.6] is lowered step by step, and whole again once the exam is over, at whatever step it ended', () => {
    const at = (step: 'live' | 'stills' | 'local') => paceOf({ ...line, allowanceKbps: allowanceAt(step) })
    expect(at('live')).toBe(384 - LIVE_NEEDS)
    expect(at('stills')).toBe(120)
    expect(at('local')).toBe(0)
    expect(paceOf({ ...line, live: false, allowanceKbps: allowanceAt('local') })).toBeNull()
  })
  it('pauses as long as the average asks, and no longer than a pace may take to change', () => {
    // 15 kB are 120 kbit: one second at 120 kbit/s, of which a part has passed in sending.
    expect(pauseAfter(15_000, 400, 120)).toBe(600)
    expect(pauseAfter(15_000, 2_000, 120)).toBe(0)
    expect(pauseAfter(15_000, 400, null)).toBe(0)
    expect(pauseAfter(4_000_000, 0, 120)).toBe(15_000)
  })
})
