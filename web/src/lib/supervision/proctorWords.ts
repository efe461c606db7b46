import type { ProctorView } from '@vigie/contract/supervision/view'
import { m } from '#lib/paraglide/messages.js'
import { clock } from '#lib/platform/clock.svelte.ts'
import { secondsLeft } from '#lib/ui/duration.ts'

/** Whether a proctor is there: present, away, or gone and about to be replaced. */
export function presenceWords({ connected, goneAt }: ProctorView): string {
  if (connected) return m.supervision_proctors_there()
  const now = goneAt === null ? null : clock.nowFor(goneAt)
  if (goneAt === null || now === null) return m.supervision_proctors_away()
  return m.supervision_proctors_leaving({ seconds: secondsLeft(goneAt - now) })
}

/** The same with how many candidates they hold. */
export const proctorWords = (proctor: ProctorView): string =>
  `${presenceWords(proctor)}, ${m.supervision_proctors_load({ count: proctor.load })}`
