import { describe, expect, it } from 'vitest'
import { ordered, turned } from './tableOrder.ts'

describe('the order of a table', () => {
  it('starts ascending and turns round at the second click', () => {
    const first = turned(null, 'name')
    expect(first).toEqual({ column: 'name', descending: false })
    expect(turned(first, 'name').descending).toBe(true)
    expect(turned(turned(first, 'name'), 'wait')).toEqual({ column: 'wait', descending: false })
  })

  it('compares texts as French readers do, and numbers in texts by value', () => {
    expect(ordered(['Zoé', 'Émile', 'eric', 'Sujet 10', 'Sujet 2'], (row) => row, false, 'fr')).toEqual([
      'Émile',
      'eric',
      'Sujet 2',
      'Sujet 10',
      'Zoé',
    ])
  })

  it('keeps empty values last in both directions and equal ones in place', () => {
    const rows = [
      { at: null, n: 1 },
      { at: 5, n: 2 },
      { at: 9, n: 3 },
      { at: 5, n: 4 },
    ]
    expect(ordered(rows, (row) => row.at, false, 'fr').map((row) => row.n)).toEqual([2, 4, 3, 1])
    expect(ordered(rows, (row) => row.at, true, 'fr').map((row) => row.n)).toEqual([3, 2, 4, 1])
  })
})
