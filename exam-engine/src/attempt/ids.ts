import type { Brand } from '@vigie/kernel/brand'

/** What turns unparsed text into a branded id. `is` suits schemas, `parse` rows that must already be well formed. */
export type IdKind<Id extends string> = {
  /** True when the value has the form of this id. Says nothing about whether such a row exists. */
  readonly is: (value: unknown) => value is Id
  /** The id, or a TypeError that names the kind (never the value: it may be hostile). */
  readonly parse: (value: unknown) => Id
}

function idKind<Id extends string>(name: string, pattern: RegExp): IdKind<Id> {
  const is = (value: unknown): value is Id => typeof value === 'string' && pattern.test(value)
  const parse = (value: unknown): Id => {
    if (!is(value)) throw new TypeError(`not a ${name}`)
    return value
  }
  return { is, parse }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** Ids written by paper authors or importers: stable, short, safe in a file, an address and a canonical text. */
const SLUG = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const SHA256_HEX = /^[0-9a-f]{64}$/
const OPAQUE = /^[A-Za-z0-9_-]{8,128}$/

export type AttemptId = Brand<string, 'AttemptId'>
export type PersonId = Brand<string, 'PersonId'>
export type SessionId = Brand<string, 'SessionId'>
export type CertificationId = Brand<string, 'CertificationId'>
export type PaperId = Brand<string, 'PaperId'>
export type PhotoId = Brand<string, 'PhotoId'>
export type EquipmentReportId = Brand<string, 'EquipmentReportId'>
/** Of a line of the conversation or a remark: the row that keeps the text. */
export type TextId = Brand<string, 'TextId'>
/** Stable inside one paper. */
export type PartId = Brand<string, 'PartId'>
/** Stable inside one paper, across its parts. */
export type QuestionId = Brand<string, 'QuestionId'>
/** Stable inside one question. */
export type ChoiceId = Brand<string, 'ChoiceId'>
/** Opaque name of a browser profile, kept by the browser: tells « same browser » from « another device » [ROOM-05]. */
export type BrowserProfile = Brand<string, 'BrowserProfile'>
/** SHA-256 in lower-case hexadecimal: of ciphertext for media, of salt and text for texts [EVD-04]. */
export type Digest = Brand<string, 'Digest'>
/** Seed of the order of questions and choices, drawn once by the caller at the start [ATT-03]. */
export type OrderSeed = Brand<string, 'OrderSeed'>

export const attemptId = idKind<AttemptId>('attempt id', UUID)
export const personId = idKind<PersonId>('person id', UUID)
export const sessionId = idKind<SessionId>('session id', UUID)
export const certificationId = idKind<CertificationId>('certification id', UUID)
export const paperId = idKind<PaperId>('paper id', UUID)
export const photoId = idKind<PhotoId>('photo id', UUID)
export const equipmentReportId = idKind<EquipmentReportId>('equipment report id', UUID)
export const textId = idKind<TextId>('text id', UUID)
export const partId = idKind<PartId>('part id', SLUG)
export const questionId = idKind<QuestionId>('question id', SLUG)
export const choiceId = idKind<ChoiceId>('choice id', SLUG)
export const browserProfile = idKind<BrowserProfile>('browser profile', OPAQUE)
export const digest = idKind<Digest>('SHA-256 digest', SHA256_HEX)
export const orderSeed = idKind<OrderSeed>('order seed', OPAQUE)
