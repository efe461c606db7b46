import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readNumber } from './numbers.ts'

describe('[ATT-03.3] a number as people type it', () => {
  it('is read with comma or point, spaces of any kind, a real minus and an exponent', () => {
    expect(['12,5', ' 1 234.5 ', '−3,2', '+.5', '6e23', '７'].map(readNumber)).toEqual([
      12.5, 1234.5, -3.2, 0.5, 6e23, 7,
    ])
  })

  it('is none with a unit, a sum, a fraction, or nothing at all', () => {
    for (const text of ['12 km', '1+1', '1/2', '12,5,1', 'douze', '-', '', '0x10', '1e9999', 'Infinity'])
      expect(readNumber(text), text).toBeNull()
  })

  it('is the number it was, whichever separator was typed', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 999 }), (whole, part) => {
        const typed = `${whole}.${part}`
        expect(readNumber(typed)).toBe(Number(typed))
        expect(readNumber(typed.replace('.', ','))).toBe(Number(typed))
      }),
    )
  })
})
