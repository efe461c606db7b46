import { DAY, type Instant } from '@vigie/kernel/instant'
import type { AttemptState } from '../attempt/state.ts'

/** [RET-01] Video, identity document and face photo: six weeks (FUN-48). */
export const RECORDING_DAYS = 42

/** When the attempt ended, or null while it has not. */
export function endedAt(state: AttemptState): Instant | null {
  switch (state.status) {
    case 'closed':
    case 'sealed':
      return state.closing.at
    case 'no-show':
    case 'refused':
    case 'cancelled':
      return state.at
    case 'voided':
      return state.endedAt
    case 'scheduled':
    case 'preparing':
    case 'waiting':
    case 'checking':
    case 'unlocked':
    case 'running':
    case 'held':
      return null
  }
}

/** When its recording and photos are to be destroyed: counted from the end, or from the last activity [RET-01]. */
export const destroyRecordingAt = (state: AttemptState, lastActivityAt: Instant): Instant =>
  (endedAt(state) ?? lastActivityAt) + RECORDING_DAYS * DAY
