/*
 * The figures of a policy that staff may change: their bounds, and how they are shown. One table for the server, which
 * refuses what lies outside, and for the page, which says so beside the field.
 */

export interface Figure {
  readonly least: number
  readonly most: number
  /** What is shown is the stored value divided by this: seconds as minutes, bytes as megabytes, shares as per cent. */
  readonly per: number
  readonly unit:
    | 'minutes'
    | 'seconds'
    | 'days'
    | 'people'
    | 'pixels'
    | 'frames'
    | 'luma'
    | 'decibels'
    | 'percent'
    | 'kbps'
    | 'milliseconds'
    | 'times'
    | 'megabytes'
  /** Stored as a whole number. */
  readonly whole: boolean
}

const figure = (unit: Figure['unit'], per: number, least: number, most: number, whole = true): Figure => ({
  unit,
  per,
  least,
  most,
  whole,
})
const minutes = (least: number, most: number) => figure('minutes', 60, least * 60, most * 60)
const seconds = (least: number, most: number) => figure('seconds', 1, least, most)

/** Of the exam itself: fields of `Policy`, a ceiling as `ceilings.held`. Stored in seconds where they are a time. */
export const EXAM_FIGURES = {
  durationSeconds: minutes(1, 600),
  entryOpensBeforeSeconds: minutes(0, 2880),
  entryClosesAfterSeconds: minutes(0, 600),
  'ceilings.preparing': minutes(1, 600),
  'ceilings.waiting': minutes(1, 600),
  'ceilings.checking': minutes(1, 600),
  'ceilings.unlocked': minutes(1, 600),
  'ceilings.held': minutes(1, 600),
  sealGraceSeconds: seconds(0, 3600),
  mediaGraceSeconds: seconds(5, 3600),
  endAnswerSeconds: seconds(5, 600),
  resumeCoverSeconds: seconds(0, 60),
  holdEffectSeconds: seconds(1, 120),
  proposalLimitSeconds: seconds(0, 7200),
  proposalFloorSeconds: seconds(0, 600),
  maximumCaseload: figure('people', 1, 1, 200),
} as const satisfies Record<string, Figure>

/** Of the equipment: fields of `EquipmentPolicy`. */
export const EQUIPMENT_FIGURES = {
  passValidDays: figure('days', 1, 0, 365),
  'camera.minWidth': figure('pixels', 1, 160, 4096),
  'camera.minHeight': figure('pixels', 1, 120, 4096),
  'camera.minFramesPerSecond': figure('frames', 1, 1, 60, false),
  'camera.blackBelowLuma': figure('luma', 1, 0, 255, false),
  'camera.darkBelowLuma': figure('luma', 1, 0, 255, false),
  'camera.glareAboveLuma': figure('luma', 1, 0, 255, false),
  'camera.minFrameDifference': figure('luma', 1, 0, 255, false),
  'microphone.minSpeechDbfs': figure('decibels', 1, -100, 0, false),
  'microphone.silentBelowDbfs': figure('decibels', 1, -100, 0, false),
  'microphone.minOverNoiseDb': figure('decibels', 1, 0, 60, false),
  'microphone.maxClippedShare': figure('percent', 0.01, 0, 1, false),
  'bandwidth.minDownKbps': figure('kbps', 1, 0, 100_000),
  'bandwidth.minUpKbps': figure('kbps', 1, 0, 100_000),
  'bandwidth.maxRoundTripMs': figure('milliseconds', 1, 1, 10_000),
  'bandwidth.maxJitterMs': figure('milliseconds', 1, 1, 10_000),
  'connection.maxLossShare': figure('percent', 0.01, 0, 1, false),
  'conditions.minScreenWidth': figure('pixels', 1, 0, 8192),
  'conditions.minScreenHeight': figure('pixels', 1, 0, 8192),
  'conditions.maxClockSkewSeconds': seconds(1, 86_400),
  'recording.minSpeed': figure('times', 1, 0.5, 100, false),
  'recording.minStorageBytes': figure('megabytes', 1e6, 0, 1e12),
} as const satisfies Record<string, Figure>

/** What can be wrong with a policy beyond a figure out of its bounds; the message of an issue is one of these. */
export const POLICY_FAULTS = [
  'out-of-bounds',
  'not-whole',
  'out-of-order',
  'none-chosen',
  'twice',
  'exam-needs-it',
  'empty',
] as const
export type PolicyFault = (typeof POLICY_FAULTS)[number]
