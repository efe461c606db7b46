import { describe, expect, it } from 'vitest'
import { commandOf, isTalkingKey, type Pressed } from './keys.ts'
import { FIGURE_PAUSE, figureTyped, renumbered } from './numbers.ts'

const press = (key: string, changes: Partial<Pressed> = {}): Pressed => ({
  key,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  repeat: false,
  defaultPrevented: false,
  ...changes,
})
const open = { silent: false, on: true }

describe('[SUP-05] the key that talks', () => {
  it('is Space, where no field, window or button wants it', () => {
    const wants = (theirs: boolean) => ({ closest: () => (theirs ? {} : null) }) as unknown as Element
    expect(isTalkingKey(press(' '), wants(false), false)).toBe(true)
    expect(isTalkingKey(press(' '), null, false)).toBe(true)
    expect(isTalkingKey(press(' '), wants(true), false), 'a button').toBe(false)
    expect(isTalkingKey(press(' '), wants(false), true), 'a field').toBe(false)
    expect(isTalkingKey(press('t'), wants(false), false)).toBe(false)
    expect(commandOf(press(' '), open)).toBeNull()
  })
})

describe('[SUP-08] the keys of the console', () => {
  it('are F, S, T, M, N, G, H, A, U, ?, Escape and the figures, whatever the case', () => {
    expect(commandOf(press('f'), open)).toEqual({ does: 'focus' })
    expect(commandOf(press('F'), open)).toEqual({ does: 'focus' })
    const keys = ['s', 't', 'm', 'n', 'g', 'h', 'a', 'u', '?', 'Escape']
    expect(keys.map((key) => commandOf(press(key), open)?.does)).toEqual([
      'next',
      'take',
      'message',
      'note',
      'flag',
      'hold',
      'agree',
      'unlock',
      'help',
      'back',
    ])
    expect(commandOf(press('7'), open)).toEqual({ does: 'choose', figure: 7 })
  })

  it('leave Space and everything else alone', () => {
    for (const key of [' ', 'Enter', 'Tab', 'z', 'ArrowDown']) expect(commandOf(press(key), open)).toBeNull()
  })

  it('are silent in a field or a window, with a modifier, and while held down', () => {
    expect(commandOf(press('u'), { silent: true, on: true })).toBeNull()
    expect(commandOf(press('Escape'), { silent: true, on: true })).toBeNull()
    expect(commandOf(press('f', { ctrlKey: true }), open)).toBeNull()
    expect(commandOf(press('m', { repeat: true }), open)).toBeNull()
    expect(commandOf(press('n', { defaultPrevented: true }), open)).toBeNull()
  })

  it('can be switched off but for Escape', () => {
    const off = { silent: false, on: false }
    expect(['f', '1', '?'].map((key) => commandOf(press(key), off))).toEqual([null, null, null])
    expect(commandOf(press('Escape'), off)).toEqual({ does: 'back' })
  })
})

describe('[SUP-08] the numbers of the tiles', () => {
  it('stay with their candidate; a newcomer takes the lowest free one', () => {
    const three = renumbered(new Map(), ['a', 'b', 'c'])
    expect([...three]).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ])
    const after = renumbered(three, ['c', 'd', 'a'])
    expect(after.get('a')).toBe(1)
    expect(after.get('c')).toBe(3)
    expect(after.get('d')).toBe(2)
    expect(renumbered(after, ['a', 'c', 'd'])).toBe(after)
  })

  const twelve = renumbered(
    new Map(),
    Array.from({ length: 12 }, (_, index) => `c${index}`),
  )

  it('choose at the first figure, and a second one soon after makes a number of two', () => {
    const one = figureTyped(null, 1, 0, twelve)
    expect(one?.number).toBe(1)
    expect(figureTyped(one, 2, FIGURE_PAUSE, twelve)?.number).toBe(12)
    expect(figureTyped(one, 2, FIGURE_PAUSE + 1, twelve)?.number).toBe(2)
  })

  it('start again where no tile has the longer number, and choose nothing where none has the figure', () => {
    expect(figureTyped({ number: 1, at: 0 }, 5, 10, twelve)?.number).toBe(5)
    expect(figureTyped(null, 0, 0, twelve)).toBeNull()
    expect(figureTyped(null, 4, 0, renumbered(new Map(), ['a']))).toBeNull()
  })
})
