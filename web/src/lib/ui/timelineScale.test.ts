import { describe, expect, it } from 'vitest'
import { markTowards, momentAt, nearest, share, ticks, type Lane } from './timelineScale.ts'

const mark = (id: string, at: number) => ({ id, at, label: id })
const lanes: Lane[] = [
  { id: 'chat', label: 'Messages', marks: [mark('c2', 50), mark('c1', 10)] },
  { id: 'flags', label: 'Signalements', marks: [] },
  { id: 'signals', label: 'Signaux', marks: [mark('s1', 12), mark('s2', 48), mark('s3', 90)] },
]
const at = (id: string) => lanes.flatMap((lane) => lane.marks).find((one) => one.id === id)!

describe('[REV-02] the timeline', () => {
  it('turns moments into places and back, held inside', () => {
    expect(share(150, 100, 200)).toBe(0.5)
    expect(share(50, 100, 200)).toBe(0)
    expect(share(999, 100, 200)).toBe(1)
    expect(share(5, 5, 5)).toBe(0)
    expect(momentAt(0.25, 100, 200)).toBe(125)
    expect(momentAt(7, 100, 200)).toBe(200)
  })

  it('draws few ticks at round distances', () => {
    const hour = ticks(0, 3_600_000, 8)
    expect(hour.slice(0, 3)).toEqual([0, 600_000, 1_200_000])
    expect(ticks(0, 12_000, 8)).toEqual([0, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000])
    expect(ticks(10, 10, 8)).toEqual([10])
  })

  it('walks a lane in the order of time, and stops at its ends', () => {
    expect(markTowards(lanes, at('c1'), 'ArrowRight').id).toBe('c2')
    expect(markTowards(lanes, at('c2'), 'ArrowRight').id).toBe('c2')
    expect(markTowards(lanes, at('c2'), 'ArrowLeft').id).toBe('c1')
    expect(markTowards(lanes, at('s2'), 'Home').id).toBe('s1')
    expect(markTowards(lanes, at('s2'), 'End').id).toBe('s3')
  })

  it('goes to the nearest mark of the next lane that has one', () => {
    expect(markTowards(lanes, at('c2'), 'ArrowDown').id).toBe('s2')
    expect(markTowards(lanes, at('s3'), 'ArrowUp').id).toBe('c2')
    expect(markTowards(lanes, at('c1'), 'ArrowUp').id).toBe('c1')
    expect(nearest(lanes[0]!.marks, 30)?.id).toBe('c1')
  })
})
