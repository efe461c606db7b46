import { describe, expect, it } from 'vitest'
import { momentInWords, secondOfDay, zoneName } from './moments.ts'

const at = Date.UTC(2026, 11, 14, 15, 0, 12)

describe('dates in words', () => {
  it('names the day, the time and the zone', () => {
    expect(momentInWords(at, 'Europe/Paris', 'fr')).toBe('lundi 14 décembre 2026 à 16:00 (heure de Paris)')
    expect(momentInWords(at, 'Europe/Paris', 'en')).toBe('Monday 14 December 2026 at 16:00 (Paris time)')
    expect(secondOfDay(at, 'Europe/Paris', 'fr')).toBe('16:00:12')
  })

  it('puts the reader’s own time beside it where it differs', () => {
    expect(momentInWords(at, 'Europe/Paris', 'fr', 'Europe/Berlin')).toBe(
      'lundi 14 décembre 2026 à 16:00 (heure de Paris)',
    )
    expect(momentInWords(at, 'Europe/Paris', 'fr', 'Indian/Reunion')).toBe(
      'lundi 14 décembre 2026 à 16:00 (heure de Paris) · 19:00 (UTC+4)',
    )
  })

  it('and the other day in full where the date differs too', () => {
    expect(momentInWords(at, 'Europe/Paris', 'fr', 'Pacific/Noumea')).toBe(
      'lundi 14 décembre 2026 à 16:00 (heure de Paris) · mardi 15 décembre 2026 à 02:00 (UTC+11)',
    )
  })

  it('names a zone by its offset when it has no name of ours', () => {
    expect(zoneName(at, 'America/Martinique', 'fr')).toBe('UTC−4')
  })
})
