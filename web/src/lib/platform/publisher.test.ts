import { describe, expect, it } from 'vitest'
import { floorOf, publishingOf } from './publisher.ts'

const screen = { getSettings: () => ({ width: 1_920, height: 1_080 }) } as MediaStreamTrack

describe('what is published on a line of a measured uplink', () => {
  it('[ROOM-02] claims a part of the uplink: a film at least, never more than a legible screen takes', () => {
    expect([null, 100, 384, 1_000, 2_500, 50_000].map(floorOf)).toEqual([160, 160, 160, 400, 690, 690])
  })

  it('[SUP-01] a screen has a thumbnail for the wall beside its large layer where the line is sure to carry both', () => {
    const widths = (uplink: number | null) =>
      publishingOf('screen', screen, uplink).layers.map(
        ({ scaleResolutionDownBy = 1 }) => 1_920 / scaleResolutionDownBy,
      )
    for (const uplink of [null, 2_000, 50_000]) expect(widths(uplink)).toEqual([320, 1_920])
    for (const uplink of [384, 1_000, 1_700]) expect(widths(uplink)).toEqual([1_920])
  })
})
