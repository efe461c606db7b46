import { type ItemVerdict, mustBeRepeated } from '@vigie/checks/verdict/verdict'
import { isJudged, type JudgedReading, type Reading, type Verdict } from '@vigie/checks/verdict/reading'
import { m } from '#lib/paraglide/messages.js'
import type { Tone } from '#lib/ui/tone.ts'
import { objectionsOf } from './objections.ts'
import { causeInWords, itemName } from './words.ts'

/** What a line of the sheet shows: how far it is, then its verdict. */
export type LineState = 'waiting' | 'running' | 'click' | 'repeat' | Verdict

export function stateOf(shown: {
  readonly line: ItemVerdict
  readonly measured: boolean
  readonly running: boolean
  readonly waitsForClick: boolean
}): LineState {
  if (shown.running) return 'running'
  if (!shown.measured) return shown.waitsForClick ? 'click' : 'waiting'
  return mustBeRepeated(shown.line) ? 'repeat' : shown.line.verdict
}

export const stateTone: { readonly [state in LineState]: Tone } = {
  waiting: 'neutral',
  running: 'brand',
  click: 'brand',
  repeat: 'warn',
  pass: 'good',
  warn: 'warn',
  fail: 'bad',
  unknown: 'neutral',
}

const WORDS: { readonly [state in LineState]: () => string } = {
  waiting: m.checks_state_waiting,
  running: m.checks_state_running,
  click: m.checks_state_click,
  repeat: m.checks_verdict_repeat,
  pass: m.checks_verdict_pass,
  warn: m.checks_verdict_warn,
  fail: m.checks_verdict_fail,
  unknown: m.checks_verdict_unknown,
}

/** The verdict of one value in words; none for what was not judged, which the reports of before 2026-12 call a pass. */
export function verdictOfReading(one: Reading): JudgedReading['verdict'] | null {
  if (!isJudged(one) || one.value === 'not-offered' || one.value === 'not-tried') return null
  return one.verdict
}

export const stateWord = (state: LineState): string => WORDS[state]()

/** What is read out of a line when its state changes: its verdict and everything that is said against it. */
export function announcement(line: ItemVerdict, state: LineState): string {
  const item = itemName(line.item)
  // What is asked of the person comes first: the seconds run while it is read out [CHK-05].
  if (state === 'running' && line.item === 'microphone') return m.checks_announce_microphone()
  if (state === 'running') return m.checks_announce_running({ item })
  const causes = objectionsOf(line).flatMap(({ readings }) =>
    readings.map(({ cause }) => causeInWords(cause)),
  )
  return [m.checks_announce({ item, verdict: stateWord(state) }), ...causes].join(' ')
}

/** What is left to the person once everything else has been measured; null while there is nothing to say of it. */
export function yoursInWords(
  lines: readonly { readonly line: ItemVerdict; readonly state: LineState }[],
  language: string,
): string | null {
  const yours = lines.filter(({ state }) => state === 'click')
  if (yours.length === 0 || lines.some(({ state }) => state === 'waiting' || state === 'running')) return null
  const items = yours.map(({ line }) => itemName(line.item))
  return m.checks_announce_yours({ items: new Intl.ListFormat(language).format(items) })
}
