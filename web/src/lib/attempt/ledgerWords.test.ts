import { describe, expect, it } from 'vitest'
import { ledgerWords } from './ledgerWords.ts'

describe('a change of the time in words', () => {
  const at = Date.UTC(2026, 11, 14, 15, 12, 4)

  it('[TIM-01] says how much, why and when, the same for whoever reads it', () => {
    const words = ledgerWords({ kind: 'outage', from: at, to: at + 130_000, seconds: 130 }, 'fr')
    expect(words).toMatch(/^\+ 2.min(utes)? (et )?10.s/)
    expect(words).toContain('coupure du service')
    expect(words).toMatch(/\d\d:12:04 – \d\d:14:14$/)
  })

  it('[TIM-01] a person takes time away at one moment', () => {
    const words = ledgerWords({ kind: 'removed', from: at, to: at, seconds: -60 }, 'fr')
    expect(words).toMatch(/^− 1.min/)
    expect(words).toMatch(/, \d\d:12:04$/)
  })
})
