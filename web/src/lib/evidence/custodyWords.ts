import type { HoldView, OwnAttempt } from '@vigie/contract/evidence/custody'
import Archive from '@lucide/svelte/icons/archive'
import Lock from '@lucide/svelte/icons/lock'
import Timer from '@lucide/svelte/icons/timer'
import Trash2 from '@lucide/svelte/icons/trash-2'
import { m } from '#lib/paraglide/messages.js'
import type { Icon } from '#lib/ui/icon.ts'
import type { Tone } from '#lib/ui/tone.ts'

/** For how long the staff may have something kept, to choose from, in days. */
export const HOLD_DAYS = [30, 60, 90, 180] as const

/** How the media of an attempt stand, in one look. */
export const CUSTODY_STATE: Readonly<
  Record<OwnAttempt['state'], { word: () => string; tone: Tone; icon: Icon }>
> = {
  kept: { word: m.evidence_state_kept, tone: 'brand', icon: Archive },
  held: { word: m.evidence_state_held, tone: 'warn', icon: Lock },
  due: { word: m.evidence_state_due, tone: 'warn', icon: Timer },
  destroyed: { word: m.evidence_state_destroyed, tone: 'good', icon: Trash2 },
}

export const HOLD_KIND: Readonly<Record<HoldView['kind'], () => string>> = {
  suspicion: m.evidence_hold_suspicion,
  appeal: m.evidence_hold_appeal,
  access: m.evidence_hold_access,
}
