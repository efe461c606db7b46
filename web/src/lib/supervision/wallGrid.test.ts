import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wallGrid } from './wallGrid.ts'

/** The wall beside the queue, under both bars, where a rem is 15 px: screens of 1024, 1440 and 2560 px. */
const SMALL_LAPTOP = { width: 49, height: 42.8 }
const LAPTOP = { width: 72.9, height: 51.6 }
const DESK = { width: 146, height: 87 }

describe('the tiles of a wall in the room there is', () => {
  it.each([
    { where: 'a small laptop', room: SMALL_LAPTOP, count: 1, size: 'large', columns: 1 },
    { where: 'a small laptop', room: SMALL_LAPTOP, count: 4, size: 'large', columns: 2 },
    { where: 'a small laptop', room: SMALL_LAPTOP, count: 12, size: 'small', columns: 4 },
    { where: 'a laptop', room: LAPTOP, count: 8, size: 'large', columns: 4 },
    { where: 'a laptop', room: LAPTOP, count: 12, size: 'small', columns: 4 },
    { where: 'a laptop', room: LAPTOP, count: 30, size: 'small', columns: 6 },
    { where: 'a desk', room: DESK, count: 30, size: 'large', columns: 8 },
  ] as const)('[SUP-01] on $where $count are all in sight, $size', ({ room, count, size, columns }) => {
    expect(wallGrid(room, count)).toMatchObject({ size, columns })
  })

  it('[SUP-01] more than can be read at once: small ones, as many beside each other as can be read, and it scrolls', () => {
    expect(wallGrid(SMALL_LAPTOP, 30)).toMatchObject({ size: 'small', columns: 4 })
  })

  it('[SUP-01] few are no wider than their picture is sharp, and stand beside each other', () => {
    expect(wallGrid(DESK, 2)).toEqual({
      size: 'large',
      columns: 2,
      widest: 26,
      picture: 10 / 16,
    })
  })

  it('[SUP-01] thirty on a laptop leave nothing beside them: wider for their words, their pictures as high as before', () => {
    const { columns, widest, picture } = wallGrid(LAPTOP, 30)
    expect(columns * widest + (columns - 1) * 0.7).toBeCloseTo(LAPTOP.width)
    expect(5 * (widest * picture + 3.75) + 4 * 0.7).toBeCloseTo(LAPTOP.height)
    expect(picture).toBeGreaterThan(9 / 16 / 1.15)
  })

  it('[SUP-01] what the proctor has chosen is so, in sight or not', () => {
    expect(wallGrid(SMALL_LAPTOP, 12, 'large')).toMatchObject({ size: 'large', columns: 2 })
    expect(wallGrid(LAPTOP, 2, 'small')).toMatchObject({ size: 'small', columns: 2 })
  })

  it('[SUP-01] in any room, for any number: in one column or more, never so many that they cannot be read', () => {
    const side = fc.double({ min: 0, max: 300, noNaN: true })
    fc.assert(
      fc.property(side, side, fc.integer({ min: 0, max: 200 }), (width, height, count) => {
        const { size, columns, widest, picture } = wallGrid({ width, height }, count)
        const narrowest = size === 'large' ? 17 : 10
        expect(columns).toBeGreaterThanOrEqual(1)
        expect(widest).toBeGreaterThanOrEqual(narrowest)
        expect(picture).toBeGreaterThanOrEqual((size === 'large' ? 10 : 9) / 16 / 1.1501)
        expect(picture).toBeLessThanOrEqual((size === 'large' ? 10 : 9) / 16)
        if (columns > 1) expect(width / columns).toBeGreaterThanOrEqual(narrowest)
      }),
    )
  })
})
