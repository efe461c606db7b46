import { describe, expect, it } from 'vitest'
import { instantIn, localIn } from './zonedTime.ts'

const ZONE = 'Europe/Paris'

describe('an hour in a named zone', () => {
  it.each([
    '2026-12-14T16:00',
    '2026-07-14T00:30',
    '2027-03-28T01:59',
    '2027-03-28T03:00',
    '2027-10-31T02:30',
  ])('%s goes there and back', (local) => {
    const at = instantIn(local, ZONE)
    expect(at).not.toBeNull()
    expect(localIn(at ?? 0, ZONE)).toBe(local)
  })

  it('is the zone’s own, in winter and in summer', () => {
    expect(instantIn('2026-12-14T16:00', ZONE)).toBe(Date.UTC(2026, 11, 14, 15))
    expect(instantIn('2026-07-14T16:00', ZONE)).toBe(Date.UTC(2026, 6, 14, 14))
    // Comes twice: the first, still in summer time.
    expect(instantIn('2027-10-31T02:30', ZONE)).toBe(Date.UTC(2027, 9, 31, 0, 30))
  })

  it.each(['', 'demain', '2026-13-01T10:00', '2027-03-28T02:30'])('« %s » is none', (local) => {
    expect(instantIn(local, ZONE)).toBeNull()
  })
})
