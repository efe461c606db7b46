import { describe, expect, it } from 'vitest'
import { LOOK, Watch, type Moment } from './watch.ts'

const WALL = 1_790_000_000_000
const at = (elapsed: number, wall = WALL + elapsed): Moment => ({ elapsed, wall })

/** Looks every second for so long; gives the moment at which the take is over, or null. */
function lookOn(
  watch: Watch,
  from: number,
  to: number,
  each: (now: number) => void = () => undefined,
): number | null {
  for (let now = from + LOOK; now <= to; now += LOOK) {
    each(now)
    if (watch.isOver(at(now))) return now
  }
  return null
}

describe('[EVD-01] a take is started anew when it stands still, and only then', () => {
  it('goes on for an hour of pictures and segments', () => {
    const watch = new Watch(at(0))
    const both = (now: number) => {
      watch.picture()
      if (now % 4_000 === 0) watch.segment()
    }
    expect(lookOn(watch, 0, 3_600_000, both)).toBeNull()
  })

  it('is over after 8 s without a picture, the first one included', () => {
    expect(lookOn(new Watch(at(0)), 0, 60_000)).toBe(8_000)
    const watch = new Watch(at(0))
    const untilTwelve = (now: number) => {
      if (now > 12_000) return
      watch.picture()
      watch.segment()
    }
    // The look right after the last picture counts the second it looked back on.
    expect(lookOn(watch, 0, 30_000, untilTwelve)).toBe(19_000)
  })

  it('is over after 20 s of pictures that nobody seals', () => {
    const watch = new Watch(at(0))
    expect(lookOn(watch, 0, 60_000, () => watch.picture())).toBe(20_000)
  })

  it('a page that is held up for 6 s, again and again, judges nobody', () => {
    const watch = new Watch(at(0))
    for (let now = 6_000; now <= 600_000; now += 6_000) {
      // What the encoder gave meanwhile waits behind the look.
      expect(watch.isOver(at(now))).toBe(false)
      watch.picture()
      watch.segment()
    }
  })

  it('a sleep ends the take, whether this computer’s running clock slept too or not', () => {
    const [stood, ran] = [new Watch(at(0)), new Watch(at(0))]
    expect(stood.isOver(at(1_000, WALL + 3_600_000))).toBe(true)
    expect(ran.isOver(at(3_600_000))).toBe(true)
  })

  it('a wall clock that is put back, or right by a few seconds, ends nothing', () => {
    const watch = new Watch(at(0))
    expect(watch.isOver(at(1_000, WALL - 3_600_000))).toBe(false)
    expect(watch.isOver(at(2_000, WALL - 3_600_000 + 4_000))).toBe(false)
  })
})
