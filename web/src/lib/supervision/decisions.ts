import type { CaseView } from '@vigie/contract/supervision/view'
import { HOLD_CAUSE, type HoldReason } from '@vigie/exam-engine/supervision/reasons'
import { m } from '#lib/paraglide/messages.js'
import type { Console } from './console.svelte.ts'
import { tell } from './tell.ts'

/**
 * A hold that is due to the candidate asks in a window whether its time is given back; any other is simply lifted
 * [TIM-02].
 */
export async function resume(supervision: Console, one: CaseView): Promise<void> {
  const reason = one.view.hold?.reason
  if (reason && Object.hasOwn(HOLD_CAUSE, reason) && HOLD_CAUSE[reason as HoldReason] === 'candidate') {
    supervision.asked = { action: 'resume', attempt: one.view.attempt }
    return
  }
  await tell(() => supervision.act(one, 'supervision:resume', { credit: null }), m.supervision_resumed())
}

/** « Terminer l'examen » is agreed to: it closes now [ATT-05]. */
export const agreeToEnd = (supervision: Console, one: CaseView): Promise<boolean> =>
  tell(() => supervision.act(one, 'supervision:agree-to-end', {}), m.supervision_end_agreed())
