import type { TimelineMark } from '@vigie/contract/supervision/view'
import type { LiveStep } from '@vigie/exam-engine/supervision/liveStep'
import type { LostCause } from '@vigie/exam-engine/supervision/signals'
import { m } from '#lib/paraglide/messages.js'
import { EVENT, SIGNAL } from '../eventWords.ts'

/** Signals that no policy switches: the alarm of a second joiner. */
const OWN: Readonly<Record<string, () => string>> = {
  'second-joiner': m.live_signal_second_joiner,
}

const CAUSE: Readonly<Record<LostCause, () => string>> = {
  ended: m.live_cause_ended,
  muted: m.live_cause_muted,
  'wrong-surface': m.live_cause_wrong_surface,
  unpublished: m.live_cause_unpublished,
}

/** What the console calls a step that is not live. */
export const STEP: Readonly<Record<LiveStep, () => string>> = {
  live: m.live_step_live,
  stills: m.live_case_stills,
  local: m.live_case_local,
}

/** The same in what a small tile has room for. */
export const STEP_IN_A_WORD: Readonly<Record<LiveStep, () => string>> = {
  live: m.live_step_live,
  stills: m.live_tile_stills,
  local: m.live_tile_local,
}

const known = <Word>(table: Readonly<Record<string, Word>>, code: unknown): Word | undefined =>
  typeof code === 'string' && Object.hasOwn(table, code) ? table[code] : undefined

/** A signal's code in words; the code itself where this page does not know it. */
export const signalWords = (code: string): string =>
  known<() => string>(SIGNAL, code)?.() ?? known(OWN, code)?.() ?? code

/** The marks of the live side in words; null for any other. */
export function liveMark({ type, detail }: TimelineMark): { name: string; more: string } | null {
  switch (type) {
    case 'step':
      return { name: m.live_mark_step(), more: known(STEP, detail['step'])?.() ?? '' }
    case 'signal': {
      const words = [signalWords(String(detail['code'])), known(CAUSE, detail['cause'])?.()]
      return { name: EVENT.signal(), more: words.filter((word) => word !== undefined).join(' · ') }
    }
    default:
      return null
  }
}
