import { describe, expect, it } from 'vitest'
import { createGuesses } from './guesses.ts'

describe('wrong passwords and codes', () => {
  it('are refused after twenty of one account from one place, the right one too, for ten minutes at most', () => {
    let now = 0
    const guesses = createGuesses({ elapsed: () => now })
    for (let miss = 0; miss < 20; miss += 1) {
      guesses.admit('a@example.org', '192.0.2.1')
      guesses.missed('a@example.org', '192.0.2.1')
    }
    now += 60_000
    expect(() => guesses.admit('a@example.org', '192.0.2.1')).toThrow('too-many')
    // Nobody is kept out of their account by somebody elsewhere, nor a class by one of them.
    guesses.admit('a@example.org', '192.0.2.2')
    guesses.admit('b@example.org', '192.0.2.1')
    now += 540_000
    guesses.admit('a@example.org', '192.0.2.1')
  })

  it('in IPv6 a household is one place', () => {
    const guesses = createGuesses({ elapsed: () => 0 })
    for (let miss = 0; miss < 20; miss += 1) guesses.missed('a@example.org', `2001:db8:0:1::${miss}`)
    expect(() => guesses.admit('a@example.org', '2001:db8:0:1::ffff')).toThrow('too-many')
  })

  it('those who are forgotten are the oldest, however many are tried', () => {
    const guesses = createGuesses({ elapsed: () => 0 })
    for (let miss = 0; miss < 20; miss += 1) guesses.missed('a@example.org', '192.0.2.1')
    for (let other = 0; other < 20_000; other += 1) guesses.missed(`${other}@example.org`, '192.0.2.1')
    guesses.admit('a@example.org', '192.0.2.1')
    for (let miss = 0; miss < 19; miss += 1) guesses.missed('19999@example.org', '192.0.2.1')
    expect(() => guesses.admit('19999@example.org', '192.0.2.1')).toThrow('too-many')
  })
})
