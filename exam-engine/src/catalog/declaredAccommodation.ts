import { ok, refuse, type Result } from '@vigie/kernel/result'

/** What a roster may declare [ATT-10]; the attempt's own `Accommodation` has the same shape. */
export type DeclaredAccommodation = {
  readonly multiplier: 1 | 1.33 | 1.5
  readonly extraSeconds: number
  readonly breakSeconds: number
  readonly reader: boolean
  readonly secondPerson: boolean
  readonly largerText: boolean
}

type AccommodationFault = {
  readonly code: 'accommodation-unknown' | 'accommodation-contradicts'
  readonly word: string
}

const NONE: DeclaredAccommodation = {
  multiplier: 1,
  extraSeconds: 0,
  breakSeconds: 0,
  reader: false,
  secondPerson: false,
  largerText: false,
}

/** Most minutes a roster may add: beyond, it is a slip of the keyboard. */
const MINUTES_LIMIT = 240

const THIRD = /^(tiers[- ]temps|1\/3|[x×]? ?1[.,]33)$/
const HALF = /^(mi[- ]temps|1\/2|[x×]? ?1[.,]50?)$/
const EXTRA = /^(\d{1,3}) ?(?:min|mn|minutes?)\.?$/
const BREAK = /^(?:pauses?|breaks?) ?:? ?(\d{1,3}) ?(?:min|mn|minutes?)?\.?$/
const READER = /^(lecteur|lectrice|reader)$/
const SECOND =
  /^(accompagnant|accompagnante|accompagnateur|secretaire|tierce personne|second person|assistant)$/
const LARGER = /^(grand texte|grands caracteres|texte agrandi|larger text|large text)$/

const plain = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim()

/**
 * An accommodation in words, joined by « + » or « | »: « tiers-temps + lecteur », « 15 min », « pause 10 min | grand
 * texte ». An empty text is none. Refused with the word that is not known, or that says the time twice.
 */
export function readAccommodation(text: string): Result<DeclaredAccommodation, AccommodationFault> {
  let read = NONE
  for (const typed of text.split(/[+|]/)) {
    const word = plain(typed)
    if (word === '' || /^(aucun|aucune|non|none|no|-)$/.test(word)) continue
    const next = withWord(read, word)
    if (next === null) return refuse({ code: 'accommodation-unknown', word: typed.trim() })
    if (next === 'twice') return refuse({ code: 'accommodation-contradicts', word: typed.trim() })
    read = next
  }
  return ok(read)
}

function withWord(read: DeclaredAccommodation, word: string): DeclaredAccommodation | 'twice' | null {
  if (THIRD.test(word)) return read.multiplier === 1 ? { ...read, multiplier: 1.33 } : 'twice'
  if (HALF.test(word)) return read.multiplier === 1 ? { ...read, multiplier: 1.5 } : 'twice'
  const pause = BREAK.exec(word)
  if (pause) return minutes(read, 'breakSeconds', pause[1])
  const extra = EXTRA.exec(word)
  if (extra) return minutes(read, 'extraSeconds', extra[1])
  if (READER.test(word)) return { ...read, reader: true }
  if (SECOND.test(word)) return { ...read, secondPerson: true }
  if (LARGER.test(word)) return { ...read, largerText: true }
  return null
}

function minutes(
  read: DeclaredAccommodation,
  field: 'extraSeconds' | 'breakSeconds',
  typed: string | undefined,
): DeclaredAccommodation | 'twice' | null {
  const count = Number(typed)
  if (count > MINUTES_LIMIT) return null
  return read[field] === 0 ? { ...read, [field]: count * 60 } : 'twice'
}
