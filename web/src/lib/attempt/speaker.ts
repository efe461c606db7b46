import type { AttemptView } from '@vigie/contract/attempt/view'
import { m } from '#lib/paraglide/messages.js'

/**
 * Who speaks, as the candidate reads it [SUP-05]: by name when it is the proctor who has them, and nobody else. A lead
 * speaks too, and a proctor who has just given them away: who that is, the page does not know and does not guess.
 */
export const speakerName = (
  { proctor, proctorId }: Pick<AttemptView, 'proctor' | 'proctorId'>,
  speakers: readonly string[],
): string =>
  proctor !== null && speakers.every((person) => person === proctorId) ? proctor : m.attempt_voice_proctor()
