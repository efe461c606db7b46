import { describe, expect, it } from 'vitest'
import { compulsoryLeft, isComplete, type ChecklistLineView } from './checklist.ts'

const line = (item: ChecklistLineView['item'], rest: Partial<ChecklistLineView> = {}): ChecklistLineView => ({
  item,
  rule: 'compulsory',
  mark: null,
  note: null,
  ...rest,
})
const listOf = (...items: ChecklistLineView[]) => ({ version: items.length, items })

describe('[SUP-03] what still keeps the password locked', () => {
  it('is every compulsory item without a mark, and every one that is not ok', () => {
    const list = listOf(
      line('exam-name', { mark: 'ok' }),
      line('identity', { mark: 'not-ok' }),
      line('one-screen', { mark: 'not-applicable' }),
      line('room-scan'),
    )
    expect(compulsoryLeft(list).map(({ item }) => item)).toEqual(['identity', 'room-scan'])
    expect(isComplete(list)).toBe(false)
  })

  it('is nothing that is optional', () => {
    const list = listOf(
      line('exam-name', { mark: 'ok' }),
      line('screen-edges', { rule: 'optional', mark: 'not-ok' }),
      line('devices-away', { rule: 'optional' }),
    )
    expect(isComplete(list)).toBe(true)
  })

  it('is the whole of a checklist that has not begun', () => {
    expect(isComplete(null)).toBe(false)
    expect(compulsoryLeft(null)).toEqual([])
  })
})
