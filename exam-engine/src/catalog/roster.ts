import { MINUTE, SECOND, type Instant } from '@vigie/kernel/instant'
import { readMoment, type MomentFault } from './moment.ts'
import { readAccommodation, type DeclaredAccommodation } from './declaredAccommodation.ts'

/** Everything that can keep one line of a roster from being written [ADM-02]. */
export type RosterFaultCode =
  | 'cells-missing'
  | 'cells-too-many'
  | 'name-missing'
  | 'name-too-long'
  | 'email-missing'
  | 'email-malformed'
  | 'email-twice'
  | 'appointment-missing'
  | MomentFault
  | 'appointment-past'
  | 'appointment-outside'
  | 'appointment-too-late'
  | 'accommodation-unknown'
  | 'accommodation-contradicts'
  | 'on-roster-otherwise'
  | 'works-on-session'
  | 'place-exceeded'

/** `detail` is what the words need: the line of the twin, the unknown word. */
export type RosterFault = { readonly code: RosterFaultCode; readonly detail: string | null }

/** What is wrong with the file as a whole; no line is then read. */
export type RosterFileFault = {
  readonly code: 'file-empty' | 'column-missing' | 'column-twice' | 'too-many-lines'
  readonly detail: string | null
}

export type RosterRow = { readonly line: number; readonly cells: readonly string[] }

export type RosterLine = {
  readonly line: number
  readonly name: string
  readonly email: string
  readonly appointmentAt: Instant | null
  readonly accommodation: DeclaredAccommodation | null
  /** On the roster already, exactly like this: writing it changes nothing. */
  readonly already: boolean
  readonly faults: readonly RosterFault[]
}

export type RosterContext = {
  readonly now: Instant
  readonly opensAt: Instant
  readonly closesAt: Instant
  /** IANA name of the zone in which appointments are written. */
  readonly zone: string
  /** Exam seconds before any accommodation: an appointment leaves room for them. */
  readonly durationSeconds: number
  readonly places: number
  /** Who holds a place, by address in lower case. */
  readonly seated: ReadonlyMap<
    string,
    { readonly appointmentAt: Instant; readonly accommodation: DeclaredAccommodation }
  >
  /** Addresses of those who work on the session: nobody watches an exam they sit. */
  readonly staff: ReadonlySet<string>
}

export const ROSTER_LINE_LIMIT = 5_000
const NAME_LIMIT = 120

const COLUMNS = {
  name: ['nom', 'name', 'nom et prénom', 'nom complet', 'candidat', 'full name'],
  email: ['adresse mail', 'mail', 'email', 'e-mail', 'courriel', 'adresse e-mail', 'adresse email'],
  appointment: ['rendez-vous', 'rdv', 'rendez vous', 'appointment', 'date', 'date et heure'],
  accommodation: ['aménagement', 'aménagements', 'accommodation', 'accommodations'],
} as const
type Column = keyof typeof COLUMNS

/** Without case, accents and doubled spaces: how people spell a heading does not matter. */
export const plainWords = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s_ ]+/g, ' ')
    .trim()

const columnOf = (heading: string): Column | null => {
  const plain = plainWords(heading)
  const found = (Object.keys(COLUMNS) as Column[]).find((column) =>
    COLUMNS[column].some((word) => plainWords(word) === plain),
  )
  return found ?? null
}

/**
 * A roster as it was written, judged line by line [ADM-02]. The first row names the columns, in French or English, in
 * any order; accommodation may be absent; columns of other names are left aside. Nothing is written by this.
 */
export function readRoster(
  rows: readonly RosterRow[],
  context: RosterContext,
): { readonly fileFaults: readonly RosterFileFault[]; readonly lines: readonly RosterLine[] } {
  const [head, ...body] = rows
  if (!head || body.length === 0) return { fileFaults: [{ code: 'file-empty', detail: null }], lines: [] }
  const columns = head.cells.map(columnOf)
  const fileFaults = fileFaultsOf(columns, body.length)
  if (fileFaults.length > 0) return { fileFaults, lines: [] }

  const first = new Map<string, number>()
  let free = context.places - context.seated.size
  const lines = body.map((row): RosterLine => {
    const read = readLine(row, columns, context)
    const faults = [...read.faults]
    const twin = first.get(read.email)
    if (read.email !== '' && twin !== undefined) faults.push({ code: 'email-twice', detail: String(twin) })
    else first.set(read.email, row.line)
    if (faults.length === 0 && !read.already) {
      if (free <= 0) faults.push({ code: 'place-exceeded', detail: String(context.places) })
      free -= 1
    }
    return { ...read, faults, already: read.already && faults.length === 0 }
  })
  return { fileFaults: [], lines }
}

function fileFaultsOf(columns: readonly (Column | null)[], count: number): RosterFileFault[] {
  const faults: RosterFileFault[] = []
  for (const column of ['name', 'email', 'appointment'] as const)
    if (!columns.includes(column)) faults.push({ code: 'column-missing', detail: column })
  for (const column of Object.keys(COLUMNS))
    if (columns.filter((one) => one === column).length > 1)
      faults.push({ code: 'column-twice', detail: column })
  if (count > ROSTER_LINE_LIMIT) faults.push({ code: 'too-many-lines', detail: String(ROSTER_LINE_LIMIT) })
  return faults
}

function readLine(row: RosterRow, columns: readonly (Column | null)[], context: RosterContext): RosterLine {
  const cell = (column: Column): string => {
    const at = columns.indexOf(column)
    return at < 0 ? '' : (row.cells[at] ?? '').replace(/\s+/g, ' ').trim()
  }
  const faults: RosterFault[] = []
  const fault = (code: RosterFaultCode, detail: string | null = null) => void faults.push({ code, detail })

  if (row.cells.length > columns.length) fault('cells-too-many', String(row.cells.length))
  else if (row.cells.length < columns.length && row.cells.length === 1) fault('cells-missing')

  const name = cell('name')
  if (name === '') fault('name-missing')
  else if (name.length > NAME_LIMIT) fault('name-too-long', String(NAME_LIMIT))

  const email = cell('email').toLowerCase()
  if (email === '') fault('email-missing')
  else if (!isEmail(email)) fault('email-malformed', email)
  else if (context.staff.has(email)) fault('works-on-session')

  const accommodation = readAccommodation(cell('accommodation'))
  if (!accommodation.ok) fault(accommodation.refusal.code, accommodation.refusal.word)
  const declared = accommodation.ok ? accommodation.value : null

  const written = cell('appointment')
  const moment = written === '' ? null : readMoment(written, context.zone)
  if (!moment) fault('appointment-missing')
  else if (!moment.ok) fault(moment.refusal, written)
  const appointmentAt = moment?.ok ? moment.value : null

  const seat = context.seated.get(email)
  const same =
    seat !== undefined &&
    declared !== null &&
    seat.appointmentAt === appointmentAt &&
    sameAccommodation(seat.accommodation, declared)
  if (seat && !same) fault('on-roster-otherwise')
  if (!seat && appointmentAt !== null) {
    const wrong = misplaced(appointmentAt, declared, context)
    if (wrong) fault(wrong)
  }
  return { line: row.line, name, email, appointmentAt, accommodation: declared, already: same, faults }
}

/**
 * Why nobody could sit an exam of this length at this moment of the session; null when they could. What is granted must
 * end with the session at the latest, or the end of the session would cut it short.
 */
export function misplaced(
  appointmentAt: Instant,
  accommodation: DeclaredAccommodation | null,
  session: Pick<RosterContext, 'now' | 'opensAt' | 'closesAt' | 'durationSeconds'>,
): 'appointment-past' | 'appointment-outside' | 'appointment-too-late' | null {
  if (appointmentAt <= session.now) return 'appointment-past'
  if (appointmentAt < session.opensAt || appointmentAt >= session.closesAt) return 'appointment-outside'
  const { multiplier, extraSeconds, breakSeconds } = accommodation ?? {
    multiplier: 1,
    extraSeconds: 0,
    breakSeconds: 0,
  }
  const seconds =
    Math.ceil((session.durationSeconds * Math.round(multiplier * 100)) / 100) + extraSeconds + breakSeconds
  return appointmentAt + Math.max(seconds * SECOND, MINUTE) > session.closesAt ? 'appointment-too-late' : null
}

const sameAccommodation = (a: DeclaredAccommodation, b: DeclaredAccommodation): boolean =>
  a.multiplier === b.multiplier &&
  a.extraSeconds === b.extraSeconds &&
  a.breakSeconds === b.breakSeconds &&
  a.reader === b.reader &&
  a.secondPerson === b.secondPerson &&
  a.largerText === b.largerText

/** What a mail server could take: one @, no spaces or angle brackets, a domain with a point. */
export const isEmail = (text: string): boolean =>
  text.length <= 200 && /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\.]+(\.[^\s@<>,;:"()[\]\\.]+)+$/.test(text)
