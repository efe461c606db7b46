import { describe, expect, it } from 'vitest'
import { createSendingReader } from './sendingReader.ts'

const outbound = (ssrc: number, packetsSent: number, more: object = {}) =>
  [
    `out${ssrc}`,
    { type: 'outbound-rtp', ssrc, kind: 'video', timestamp: 10_000, packetsSent, ...more },
  ] as const
const remote = (ssrc: number, fractionLost: number, roundTripTime: number, timestamp = 9_500) =>
  [`in${ssrc}`, { type: 'remote-inbound-rtp', ssrc, fractionLost, roundTripTime, timestamp }] as const

describe('what the statistics of senders say', () => {
  it('[ROOM-02.1] weighs loss by what was sent since the sample before', () => {
    const read = createSendingReader()
    read(
      [
        [outbound(1, 100), remote(1, 0, 0.02)],
        [outbound(2, 10), remote(2, 0, 0.02)],
      ],
      false,
    )
    const { loss, roundTrip } = read(
      [
        [outbound(1, 190), remote(1, 0.1, 0.04)],
        [outbound(2, 20), remote(2, 0.5, 0.08)],
      ],
      false,
    )
    expect(loss).toBeCloseTo((90 * 0.1 + 10 * 0.5) / 100)
    expect(roundTrip).toBe(80)
  })

  it('[ROOM-02.1] takes packets nobody reported on for lost, and says nothing where nothing was sent', () => {
    const read = createSendingReader()
    read([[outbound(1, 100), remote(1, 0, 0.02, 1_000)]], false)
    expect(read([[outbound(1, 200), remote(1, 0, 0.02, 1_000)]], false)).toMatchObject({
      loss: 1,
      roundTrip: null,
    })
    expect(read([[outbound(1, 200), remote(1, 0, 0.02)]], false).loss).toBeNull()
  })

  it('[ROOM-02.1] film that moves again is not lost because the last report on it is from before it rested', () => {
    const read = createSendingReader()
    const at = (timestamp: number, packetsSent: number) => outbound(1, packetsSent, { timestamp })
    read([[at(10_000, 100), remote(1, 0.6, 0.02, 9_500)]], false)
    read([[at(40_000, 100), remote(1, 0.6, 0.02, 9_500)]], true)
    expect(read([[at(41_000, 120), remote(1, 0.6, 0.02, 9_500)]], false).loss).toBeNull()
    expect(read([[at(42_000, 140), remote(1, 0.1, 0.02, 41_800)]], false).loss).toBeCloseTo(0.1)
    // Nobody has said a word of it for long: all of it is lost.
    expect(read([[at(50_500, 160), remote(1, 0.1, 0.02, 41_800)]], false).loss).toBe(1)
  })

  it('[ROOM-02.1] counts the camera’s frames, not the screen’s, and none while pictures rest', () => {
    const read = createSendingReader()
    const report = [
      outbound(1, 1, { framesPerSecond: 12 }),
      outbound(2, 1, { framesPerSecond: 4 }),
      outbound(3, 1, { framesPerSecond: 30, contentType: 'screenshare' }),
    ]
    expect(read([report], false).frames).toBe(12)
    expect(read([report], true).frames).toBeNull()
    expect(createSendingReader()([[outbound(3, 1, { kind: 'audio' })]], false).frames).toBeNull()
  })

  it('[ROOM-02.1] counts no frames of a layer that nobody watches', () => {
    const read = createSendingReader()
    const paused = outbound(1, 0, { framesPerSecond: 0, active: false })
    expect(read([[paused]], false).frames).toBeNull()
    expect(read([[paused, outbound(2, 40, { framesPerSecond: 14, active: true })]], false).frames).toBe(14)
  })
})
