import type { AttemptStatus, MediaTrack } from '../attempt/state.ts'
import type { Signal } from './signals.ts'

/** What a lost track is told as. */
export const LOST_SIGNAL = {
  camera: 'camera-lost',
  microphone: 'microphone-lost',
  screen: 'screen-lost',
} as const satisfies Record<MediaTrack, Signal>

const ON_AIR: readonly AttemptStatus[] = ['waiting', 'checking', 'unlocked', 'running', 'held']
/** Before the start and during a hold a candidate is asked to open other windows (task manager): that tells nobody anything. */
const AT_WORK: readonly AttemptStatus[] = ['running']

/** Whether a signal means anything in this status [SUP-07]. */
export function signalMatters(signal: Signal, status: AttemptStatus): boolean {
  switch (signal) {
    case 'page-hidden':
    case 'window-left':
    case 'copy':
    case 'paste':
      return AT_WORK.includes(status)
    default:
      return ON_AIR.includes(status)
  }
}
