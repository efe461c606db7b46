import { describe, expect, it } from 'vitest'
import { GUIDE_STOPS, guideSeconds, type Guide } from './guidance.ts'
import { ASKED_REQUESTS, SCAN_SECONDS } from './requests.ts'

const GUIDES = Object.keys(GUIDE_STOPS) as Guide[]

describe('what a candidate is led through', () => {
  it('[SUP-03.2] everything a proctor asks to be shown has a guide, within the time box', () => {
    expect([...GUIDES, 'share-again'].sort()).toEqual([...ASKED_REQUESTS].sort())
    for (const guide of GUIDES) expect(guideSeconds(guide)).toBeLessThanOrEqual(SCAN_SECONDS)
  })

  it('[SUP-03.2] the room scan shows every side once, and both sides of the mirror', () => {
    const stops = GUIDE_STOPS['room-scan'].map(([stop]) => stop)
    expect(new Set(stops).size).toBe(stops.length)
    for (const stop of ['left', 'right', 'behind', 'under-desk', 'mirror-front', 'mirror-back'] as const)
      expect(stops).toContain(stop)
    const edges = GUIDE_STOPS['screen-edges'].map(([stop]) => stop)
    expect(edges.slice(0, 2)).toEqual(['mirror-front', 'mirror-back'])
  })
})
