import { type Cause, type Remedy, remedyOf } from './causes.ts'

export const VERDICTS = ['pass', 'warn', 'fail', 'unknown'] as const
export type Verdict = (typeof VERDICTS)[number]

/** What is read off a measurement, one per threshold. */
export const READING_NAMES = [
  'system-name',
  'browser-name',
  'camera-access',
  'camera-size',
  'camera-rate',
  'camera-light',
  'camera-glare',
  'camera-motion',
  'camera-origin',
  'microphone-access',
  'microphone-level',
  'microphone-over-noise',
  'microphone-clipping',
  'bandwidth-access',
  'bandwidth-down',
  'bandwidth-up',
  'bandwidth-round-trip',
  'bandwidth-jitter',
  'connection-access',
  'connection-udp',
  'connection-tcp',
  'connection-turn',
  'connection-loss',
  'loudspeaker-access',
  'loudspeaker-digits',
  'conditions-screen',
  'conditions-battery',
  'conditions-clock',
  'conditions-remote',
  'conditions-vpn',
  'screens-count',
  'share-access',
  'share-surface',
  'recording-access',
  'recording-speed',
  'recording-storage',
  'recording-private',
] as const
export type ReadingName = (typeof READING_NAMES)[number]

/** Numbers carry the unit of the measurement they come from; a size reads « 640×480 »; null: nothing to show. */
export type ReadingValue = number | string | null

type Read = {
  readonly name: ReadingName
  readonly value: ReadingValue
  readonly threshold: ReadingValue
}

/** Nothing to judge: a way that is not offered or was not tried, what the browser does not tell. It weighs nothing. */
type NotJudged = Read & { readonly verdict: 'not-judged' }

/** A value with something against it: it says why and what to do [CHK-02]. */
export type ObjectedReading = Read & {
  readonly verdict: 'warn' | 'fail' | 'unknown'
  readonly cause: Cause
  readonly remedy: Remedy
}

/** One value against its threshold. */
export type JudgedReading = (Read & { readonly verdict: 'pass' }) | ObjectedReading
export type Reading = JudgedReading | NotJudged

export const isJudged = (one: Reading): one is JudgedReading => one.verdict !== 'not-judged'
export const isObjected = (one: Reading): one is ObjectedReading => 'cause' in one

export type Objection = { readonly verdict: 'warn' | 'fail' | 'unknown'; readonly cause: Cause }

/** A reading with the objection the policy raises against it, if any. */
export function reading(
  name: ReadingName,
  value: ReadingValue,
  threshold: ReadingValue,
  objection: Objection | null,
): JudgedReading {
  if (objection === null) return { name, value, threshold, verdict: 'pass' }
  return { name, value, threshold, ...objection, remedy: remedyOf[objection.cause] }
}

/** A value that stands for nothing measured: told as it is, neither good nor bad. */
export const notJudged = (
  name: ReadingName,
  value: ReadingValue,
  threshold: ReadingValue = null,
): Reading => ({
  name,
  value,
  threshold,
  verdict: 'not-judged',
})

export const failWhen = (objectionable: boolean, cause: Cause): Objection | null =>
  objectionable ? { verdict: 'fail', cause } : null

export const warnWhen = (objectionable: boolean, cause: Cause): Objection | null =>
  objectionable ? { verdict: 'warn', cause } : null

/** From the mildest to the gravest. An unknown weighs more than a warning: somebody still has to look. */
const gravity: { readonly [verdict in Verdict]: number } = { pass: 0, warn: 1, unknown: 2, fail: 3 }

/** The reading that decides a line: the gravest, and the first of these. */
export function gravest<Judged extends { readonly verdict: Verdict }>(
  judged: readonly Judged[],
): Judged | undefined {
  return judged.reduce<Judged | undefined>(
    (worst, one) => (worst === undefined || gravity[one.verdict] > gravity[worst.verdict] ? one : worst),
    undefined,
  )
}
