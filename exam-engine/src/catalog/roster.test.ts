import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAccommodation } from './declaredAccommodation.ts'
import { readMoment } from './moment.ts'
import { isEmail, readRoster, type RosterContext } from './roster.ts'

const at = (text: string): number => Temporal.Instant.from(text).epochMilliseconds
const NONE = {
  multiplier: 1,
  extraSeconds: 0,
  breakSeconds: 0,
  reader: false,
  secondPerson: false,
  largerText: false,
} as const

const context = (more: Partial<RosterContext> = {}): RosterContext => ({
  now: at('2026-12-01T08:00Z'),
  opensAt: at('2026-12-14T08:00Z'),
  closesAt: at('2026-12-14T17:00Z'),
  zone: 'Europe/Paris',
  durationSeconds: 1_800,
  places: 10,
  seated: new Map(),
  staff: new Set(),
  ...more,
})

const HEAD = ['Nom', 'Adresse mail', 'Rendez-vous', 'Aménagement']
const read = (lines: readonly (readonly string[])[], more: Partial<RosterContext> = {}, head = HEAD) =>
  readRoster(
    [head, ...lines].map((cells, index) => ({ line: index + 1, cells })),
    context(more),
  )
const codes = (lines: readonly (readonly string[])[], more: Partial<RosterContext> = {}) =>
  read(lines, more).lines.map((line) => line.faults.map((fault) => fault.code))

const GOOD = ['Zoé Durand', 'zoe@example.org', '14/12/2026 10:00', ''] as const

describe('[ADM-02.1] a roster, line by line', () => {
  it('reads a good line, whatever the order and language of the headings', () => {
    const { lines } = read([[...GOOD]])
    expect(lines).toEqual([
      {
        line: 2,
        name: 'Zoé Durand',
        email: 'zoe@example.org',
        appointmentAt: at('2026-12-14T09:00Z'),
        accommodation: NONE,
        already: false,
        faults: [],
      },
    ])
    const english = read([['2026-12-14 10:00', 'x', ' ZOE@Example.org ', 'Zoé  Durand']], {}, [
      'APPOINTMENT',
      'group',
      'E-mail',
      'name',
    ])
    expect(english.lines[0]).toEqual(lines[0])
  })

  it('names what is wrong with the file itself', () => {
    expect(read([]).fileFaults).toEqual([{ code: 'file-empty', detail: null }])
    expect(read([['a', 'b']], {}, ['Nom', 'Nom']).fileFaults).toEqual([
      { code: 'column-missing', detail: 'email' },
      { code: 'column-missing', detail: 'appointment' },
      { code: 'column-twice', detail: 'name' },
    ])
  })

  it('names every fault of a line', () => {
    expect(codes([['', 'zoe@', '14/13/2026 10:00', 'fauteuil']])).toEqual([
      ['name-missing', 'email-malformed', 'accommodation-unknown', 'moment-nonexistent'],
    ])
    expect(codes([['Zoé', '', '', '']])).toEqual([['email-missing', 'appointment-missing']])
    expect(codes([['Zoé', 'zoe@example.org', 'demain', 'tiers-temps + mi-temps']])).toEqual([
      ['accommodation-contradicts', 'moment-malformed'],
    ])
    expect(codes([[...GOOD, 'de trop']])).toEqual([['cells-too-many']])
  })

  it('refuses an appointment outside the window, past, or too late for the whole exam', () => {
    const when = (text: string, accommodation = '') =>
      codes([['Zoé', 'zoe@example.org', text, accommodation]])[0]
    expect(when('14/12/2026 08:59')).toEqual(['appointment-outside'])
    expect(when('14/12/2026 18:00')).toEqual(['appointment-outside'])
    expect(when('14/12/2026 17:30')).toEqual([])
    expect(when('14/12/2026 17:30', 'tiers-temps')).toEqual(['appointment-too-late'])
    expect(when('14/11/2026 10:00')).toEqual(['appointment-past'])
  })

  it('finds twins, staff, people who are on the roster, and one place too few', () => {
    expect(codes([[...GOOD], ['Autre', 'ZOE@example.org', '14/12/2026 11:00', '']])).toEqual([
      [],
      ['email-twice'],
    ])
    expect(codes([[...GOOD]], { staff: new Set(['zoe@example.org']) })).toEqual([['works-on-session']])
    const seated = new Map([
      ['zoe@example.org', { appointmentAt: at('2026-12-14T09:00Z'), accommodation: NONE }],
    ])
    expect(read([[...GOOD]], { seated, places: 1 }).lines[0]).toMatchObject({ already: true, faults: [] })
    expect(codes([['Zoé', 'zoe@example.org', '14/12/2026 11:00', '']], { seated })).toEqual([
      ['on-roster-otherwise'],
    ])
    expect(codes([[...GOOD], ['B', 'b@example.org', '14/12/2026 10:00', '']], { places: 1 })).toEqual([
      [],
      ['place-exceeded'],
    ])
  })

  it('writes nothing but words: any bytes give a report, one line for each line', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string(), { maxLength: 6 }), { maxLength: 12 }), (lines) => {
        const report = read(lines)
        expect(report.lines.length).toBe(report.fileFaults.length > 0 ? 0 : lines.length)
        for (const line of report.lines)
          if (line.faults.length === 0) expect(line.appointmentAt).not.toBeNull()
      }),
    )
  })
})

describe('[ADM-02] moments as people write them', () => {
  it.each([
    ['14/12/2026 16:00', '2026-12-14T15:00Z'],
    ['14/12/2026 à 16h00', '2026-12-14T15:00Z'],
    ['14.12.2026 16h', '2026-12-14T15:00Z'],
    ['2026-12-14T16:00', '2026-12-14T15:00Z'],
    ['2026-07-14 16:00:30', '2026-07-14T14:00:30Z'],
    ['2026-12-14T16:00+04:00', '2026-12-14T12:00Z'],
  ])('%s', (text, moment) => {
    expect(readMoment(text, 'Europe/Paris')).toEqual({ ok: true, value: at(moment) })
  })

  it.each([
    ['29/02/2026 10:00', 'moment-nonexistent'],
    // Skipped and doubled by the change of hour.
    ['28/03/2027 02:30', 'moment-nonexistent'],
    ['31/10/2027 02:30', 'moment-nonexistent'],
    ['14/12/26 16:00', 'moment-malformed'],
    ['14/12/2026', 'moment-malformed'],
  ])('%s is refused', (text, refusal) => {
    expect(readMoment(text, 'Europe/Paris')).toEqual({ ok: false, refusal })
  })
})

describe('[ATT-10] accommodations in words', () => {
  it('reads each, and several at once', () => {
    expect(readAccommodation('')).toEqual({ ok: true, value: NONE })
    expect(readAccommodation('Tiers-temps + 15 min | pause 10 min + Lectrice')).toEqual({
      ok: true,
      value: { ...NONE, multiplier: 1.33, extraSeconds: 900, breakSeconds: 600, reader: true },
    })
    expect(readAccommodation('×1,5 + grands caractères + accompagnant')).toEqual({
      ok: true,
      value: { ...NONE, multiplier: 1.5, largerText: true, secondPerson: true },
    })
    expect(readAccommodation('900 min').ok).toBe(false)
  })
})

describe('[ADM-02] addresses', () => {
  it.each(['a@b.fr', 'prénom.nom+x@sous.domaine.example'])('%s', (text) => expect(isEmail(text)).toBe(true))
  it.each(['a@b', 'a b@c.fr', 'a@@b.fr', '<a@b.fr>', 'a@b..fr', '@b.fr', `${'a'.repeat(200)}@b.fr`])(
    '%s is none',
    (text) => expect(isEmail(text)).toBe(false),
  )
})
