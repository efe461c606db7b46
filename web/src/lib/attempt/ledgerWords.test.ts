import { describe, expect, it } from 'vitest'
import { ledgerWords, type ToldLine } from './ledgerWords.ts'

describe('a change of the time in words', () => {
  const at = Date.UTC(2026, 11, 14, 15, 12, 4)
  const outage: ToldLine = {
    kind: 'outage',
    from: at,
    to: at + 130_000,
    seconds: 130,
    by: 'rule',
    reason: 'platform-problem',
  }
  const removed: ToldLine = {
    kind: 'removed',
    from: at,
    to: at,
    seconds: -60,
    by: 'proctor',
    reason: 'correction',
  }

  it('[TIM-01] says how much, what, when, by which rule and why, the same for whoever reads it', () => {
    const words = ledgerWords(outage, 'fr')
    expect(words).toMatch(/^\+ 2.min(utes)? (et )?10.s/)
    expect(words).toContain('coupure du service')
    expect(words).toMatch(/\d\d:12:04 – \d\d:14:14 · d’office, le service étant en cause · Problème de la/)
  })

  it('[TIM-01] a person takes time away at one moment: their role and their reason, no name', () => {
    const words = ledgerWords(removed, 'fr')
    expect(words).toMatch(/^− 1.min/)
    expect(words).toMatch(/, \d\d:12:04 · par le surveillant · Correction$/)
  })

  it('[TIM-01] a hold that a person credits is not said to be given by rule', () => {
    const hold: ToldLine = { ...outage, kind: 'hold', by: 'lead', reason: 'media-lost' }
    expect(ledgerWords(hold, 'fr')).toContain('· par le surveillant principal ·')
    expect(ledgerWords({ ...hold, by: 'rule' }, 'fr')).toContain('· d’office, la suspension ne venant pas')
    expect(ledgerWords({ ...hold, by: 'person' }, 'fr')).toContain('· décision d’une personne ·')
  })
})
