import CalendarClock from '@lucide/svelte/icons/calendar-clock'
import CircleCheck from '@lucide/svelte/icons/circle-check'
import Radio from '@lucide/svelte/icons/radio'
import { m } from '#lib/paraglide/messages.js'
import type { Icon } from '#lib/ui/icon.ts'
import type { Tone } from '#lib/ui/tone.ts'

export type SessionState = 'open' | 'coming' | 'over'

/** Where a session stands at `now`; its window holds its beginning and not its end. */
export function sessionState(
  session: { readonly opensAt: number; readonly closesAt: number },
  now: number,
): SessionState {
  if (now < session.opensAt) return 'coming'
  return now < session.closesAt ? 'open' : 'over'
}

export const SESSION_STATE: Record<SessionState, { word: () => string; tone: Tone; icon: Icon }> = {
  open: { word: m.catalog_state_open, tone: 'brand', icon: Radio },
  coming: { word: m.catalog_state_coming, tone: 'neutral', icon: CalendarClock },
  over: { word: m.catalog_state_over, tone: 'good', icon: CircleCheck },
}
