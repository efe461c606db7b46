import { type ItemVerdict, mustBeRepeated } from '@vigie/checks/verdict/verdict'
import type { Verdict } from '@vigie/checks/verdict/reading'
import { m } from '#lib/paraglide/messages.js'
import type { Tone } from '#lib/ui/tone.ts'

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

export const stateWord = (state: LineState): string => WORDS[state]()
