import type { Rehearsal } from '@vigie/contract/checks/rehearsal'
import type { RehearsalStep, StepOutcome } from '@vigie/exam-engine/attempt/rehearsal'
import { m } from '#lib/paraglide/messages.js'
import type { Tone } from '#lib/ui/tone.ts'

export const stepNames: Readonly<Record<RehearsalStep, () => string>> = {
  information: m.checks_rehearsal_step_information,
  equipment: m.checks_rehearsal_step_equipment,
  name: m.checks_rehearsal_step_name,
  photos: m.checks_rehearsal_step_photos,
  room: m.checks_rehearsal_step_room,
  live: m.checks_rehearsal_step_live,
  proctor: m.checks_rehearsal_step_proctor,
  show: m.checks_rehearsal_step_show,
  start: m.checks_rehearsal_step_start,
  answers: m.checks_rehearsal_step_answers,
  chat: m.checks_rehearsal_step_chat,
  end: m.checks_rehearsal_step_end,
  recording: m.checks_rehearsal_step_recording,
}

export const outcomeNames: Readonly<Record<StepOutcome, readonly [() => string, Tone]>> = {
  done: [m.checks_rehearsal_done, 'good'],
  skipped: [m.checks_rehearsal_skipped, 'neutral'],
  failed: [m.checks_rehearsal_failed, 'bad'],
  'not-reached': [m.checks_rehearsal_not_reached, 'warn'],
  'not-asked': [m.checks_rehearsal_not_asked, 'neutral'],
}

/** What to do about a step that failed. */
const remedies: Readonly<Partial<Record<RehearsalStep, () => string>>> = {
  equipment: m.checks_rehearsal_remedy_equipment,
  live: m.checks_rehearsal_remedy_live,
  show: m.checks_rehearsal_remedy_show,
  answers: m.checks_rehearsal_remedy_answers,
  end: m.checks_rehearsal_remedy_end,
  recording: m.checks_rehearsal_remedy_recording,
}

export const remedyOf = (step: RehearsalStep, outcome: StepOutcome): string | null =>
  outcome === 'failed' ? (remedies[step]?.() ?? null) : null

/** « Répétition réussie le … », by a moment already in words; null while it is under way. */
export function dated({ ended }: Rehearsal, moment: (at: number) => string): string | null {
  if (!ended) return null
  const at = { moment: moment(ended.at) }
  return ended.passed ? m.checks_rehearsal_passed_at(at) : m.checks_rehearsal_unfinished_at(at)
}
