import { describe, expect, it } from 'vitest'
import { qualityFor, type Look } from './watching.svelte.ts'

describe('what is received of a candidate, by who looks', () => {
  const received = (hidden: boolean, ...looks: Look[]) =>
    (['camera', 'screen', 'microphone'] as const).map((source) => qualityFor(source, new Set(looks), hidden))

  it('[SUP-01] a tile is small and silent, one under the open candidate rests, nobody receives nothing', () => {
    expect(received(false, 'tile')).toEqual(['low', 'low', 'off'])
    expect(received(false, 'covered')).toEqual(['paused', 'paused', 'off'])
    expect(received(false)).toEqual(['off', 'off', 'off'])
  })

  it('[SUP-01] whoever is opened is seen at once, small and silent as on the wall, and in full once the proctor stays', () => {
    expect(received(false, 'tile', 'glance')).toEqual(['low', 'low', 'off'])
    expect(received(false, 'covered', 'glance')).toEqual(['low', 'low', 'off'])
    expect(received(false, 'covered', 'glance', 'focus')).toEqual(['high', 'high', 'high'])
  })

  it('[SUP-01] behind another tab nothing is seen, and the open candidate is still heard', () => {
    expect(received(true, 'covered', 'glance', 'focus')).toEqual(['off', 'off', 'high'])
    expect(received(true, 'tile')).toEqual(['off', 'off', 'off'])
  })
})
