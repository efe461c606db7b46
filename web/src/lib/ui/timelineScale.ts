import type { Icon } from './icon.ts'
import type { Tone } from './tone.ts'

/** A moment, or with `until` a stretch, on a lane. Times are milliseconds of the server's clock. */
export interface Mark {
  readonly id: string
  readonly at: number
  readonly until?: number
  /** What happened, in words. */
  readonly label: string
  readonly tone?: Tone
  readonly icon?: Icon
}

export interface Lane {
  readonly id: string
  readonly label: string
  readonly marks: readonly Mark[]
}

/** Where a moment lies between two others, from 0 to 1, held inside. */
export const share = (at: number, from: number, to: number): number =>
  to <= from ? 0 : Math.min(1, Math.max(0, (at - from) / (to - from)))

/** The moment at a share of the way. */
export const momentAt = (portion: number, from: number, to: number): number =>
  Math.round(from + Math.min(1, Math.max(0, portion)) * (to - from))

const second = 1_000
const minute = 60 * second
const steps = [1, 2, 5, 10, 15, 30]
  .map((n) => n * second)
  .concat([1, 2, 5, 10, 15, 30, 60, 120].map((n) => n * minute))

/** Round distances from `from` at which to draw a tick: at most `most` of them. */
export function ticks(from: number, to: number, most: number): number[] {
  const step = steps.find((candidate) => (to - from) / candidate <= most) ?? (to - from) / most
  const found: number[] = []
  for (let at = from; at <= to && step > 0; at += step) found.push(at)
  return found
}

type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End'

export const isDirection = (key: string): key is Direction =>
  ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'].includes(key)

const inTime = (marks: readonly Mark[]) => [...marks].sort((a, b) => a.at - b.at)

/**
 * The mark a key leads to from `from`: along its lane by left and right, to the nearest mark of the next lane that
 * has any by up and down, to the ends by Home and End. The same mark where the way ends.
 */
export function markTowards(lanes: readonly Lane[], from: Mark, key: Direction): Mark {
  const row = lanes.findIndex((lane) => lane.marks.some((mark) => mark.id === from.id))
  const along = inTime(lanes[row]?.marks ?? [])
  const place = along.findIndex((mark) => mark.id === from.id)
  const at = (index: number) => along[Math.min(along.length - 1, Math.max(0, index))] ?? from
  switch (key) {
    case 'ArrowLeft':
      return at(place - 1)
    case 'ArrowRight':
      return at(place + 1)
    case 'Home':
      return at(0)
    case 'End':
      return at(along.length - 1)
    case 'ArrowUp':
    case 'ArrowDown': {
      const side = key === 'ArrowUp' ? lanes.slice(0, Math.max(0, row)).reverse() : lanes.slice(row + 1)
      const lane = side.find((candidate) => candidate.marks.length > 0)
      return lane ? (nearest(lane.marks, from.at) ?? from) : from
    }
  }
}

/** The mark closest in time; the earlier one of two equally close. */
export function nearest(marks: readonly Mark[], at: number): Mark | undefined {
  return inTime(marks).reduce<Mark | undefined>(
    (best, mark) => (!best || Math.abs(mark.at - at) < Math.abs(best.at - at) ? mark : best),
    undefined,
  )
}
