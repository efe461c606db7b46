import type { Cause } from '../causes.ts'
import type { DeviceFailure } from '../measurements.ts'
import { type Reading, type ReadingName, reading } from '../reading.ts'

type Device = 'camera' | 'microphone' | 'share'

/** What a device that gave nothing says. A step that was stopped half-way is no fault: it is walked again. */
export function judgeAccess(device: Device, failure: DeviceFailure): readonly Reading[] {
  const name: ReadingName = `${device}-access`
  if (failure === 'interrupted')
    return [reading(name, null, null, { verdict: 'unknown', cause: 'not-measured' })]
  const cause: Cause = `${device}-${failure}`
  return [reading(name, null, null, { verdict: 'fail', cause })]
}
