import { describe, expect, it } from 'vitest'
import { adviseOnPhoto, steepness, type GreyPicture } from './photoAdvice.ts'

const width = 60
const height = 40
const picture = (at: (x: number, y: number) => number): GreyPicture => ({
  width,
  height,
  luma: Uint8Array.from({ length: width * height }, (_, index) =>
    at(index % width, Math.floor(index / width)),
  ),
})

/** Lines of print on a grey card, as a sharp camera sees them; the same out of focus; with a lamp on it. */
const print = picture((x, y) => (y % 4 === 0 && x % 3 !== 0 ? 40 : 150))
const soft = picture((x, y) => 130 + 20 * Math.sin(x / 9) + 10 * Math.sin(y / 7))
const lit = picture((x, y) => (x < 12 && y < 12 ? 255 : y % 4 === 0 ? 40 : 150))

describe('[IDN-05] advice before the photo', () => {
  it.each([
    ['a document in focus', print, 'good'],
    ['a document out of focus', soft, 'blurred'],
    ['a lamp in the document', lit, 'glare'],
    ['the lens covered', picture(() => 3), 'dark'],
    ['a face against the window', picture(() => 240), 'bright'],
  ] as const)('[IDN-05] %s: %s', (_what, shown, expected) => {
    expect(adviseOnPhoto(shown, expected === 'bright' ? 'face' : 'document')).toBe(expected)
  })

  it.each([
    [54, 'dark'],
    [55, 'good'],
    [215, 'good'],
    [216, 'bright'],
  ] as const)('[IDN-05] a face of brightness %i: %s', (value, expected) => {
    expect(
      adviseOnPhoto(
        picture(() => value),
        'face',
      ),
    ).toBe(expected)
  })

  it('[IDN-05] a face need not be sharp as print, and white clothes are no reflection', () => {
    expect(adviseOnPhoto(soft, 'face')).toBe('good')
    expect(adviseOnPhoto(lit, 'face')).toBe('good')
  })

  it('[IDN-05] sharper is steeper; nothing has no edges', () => {
    expect(steepness(print)).toBeGreaterThan(steepness(soft))
    expect(steepness({ width: 0, height: 0, luma: new Uint8Array() })).toBe(0)
  })
})
