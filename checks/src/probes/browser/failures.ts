import type { DeviceFailure } from '../../verdict/measurements.ts'

/** What the system, rather than the person, refuses: macOS, or Windows' privacy settings, in Chromium's own words. */
const BY_SYSTEM = /system|os level/i
const DISMISSED = /dismissed/i

/** Sorts the error of getUserMedia or getDisplayMedia by what the person can do about it [CHK-04]. */
export function deviceFailureOf(error: unknown): DeviceFailure {
  if (!(error instanceof DOMException)) return error instanceof TypeError ? 'unsupported' : 'failed'
  switch (error.name) {
    case 'NotAllowedError':
      if (BY_SYSTEM.test(error.message)) return 'blocked-by-system'
      return DISMISSED.test(error.message) ? 'dismissed' : 'refused'
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'absent'
    case 'NotReadableError':
      return 'busy'
    case 'NotSupportedError':
    case 'SecurityError':
      return 'unsupported'
    default:
      return 'failed'
  }
}
