import type { CameraMeasured, CameraMeasurement } from '../measurements.ts'
import type { EquipmentPolicy } from '../policy.ts'
import { type Objection, type Reading, failWhen, reading, warnWhen } from '../reading.ts'
import { judgeAccess } from './access.ts'

/** Words by which programs that pretend to be a camera name themselves. A hint, never a proof [CHK-04]. */
const VIRTUAL_LABELS =
  /virtual|\bobs\b|manycam|snap camera|xsplit|mmhmm|droidcam|camtwist|sparkocam|youcam|splitcam|e2esoft|v4l2loopback|dummy video/i

/** Whether a camera's label is that of a program rather than of a device. */
export const looksVirtual = (label: string): boolean => VIRTUAL_LABELS.test(label)

/** Size, rate, light and motion of the frames that arrived, and where they seem to come from [CHK-04]. */
export function judgeCamera(measured: CameraMeasurement, policy: EquipmentPolicy): readonly Reading[] {
  if (measured.outcome === 'failed') return judgeAccess('camera', measured.failure)
  const asked = policy.camera
  const tooSmall = measured.width < asked.minWidth || measured.height < asked.minHeight
  return [
    reading(
      'camera-size',
      `${measured.width}×${measured.height}`,
      `${asked.minWidth}×${asked.minHeight}`,
      failWhen(tooSmall, 'camera-too-small'),
    ),
    reading(
      'camera-rate',
      measured.framesPerSecond,
      asked.minFramesPerSecond,
      whileSeen(measured, failWhen(measured.framesPerSecond < asked.minFramesPerSecond, 'camera-too-slow')),
    ),
    reading('camera-light', measured.meanLuma, asked.darkBelowLuma, objectToLight(measured, policy)),
    reading(
      'camera-glare',
      measured.meanLuma,
      asked.glareAboveLuma,
      warnWhen(measured.meanLuma > asked.glareAboveLuma, 'camera-glare'),
    ),
    // In the dark nothing is seen to move: that the lens is covered says all there is to say.
    ...(measured.meanLuma < asked.blackBelowLuma ? [] : [readMotion(measured, asked.minFrameDifference)]),
    reading(
      'camera-origin',
      measured.label,
      null,
      warnWhen(asked.signalVirtual && looksVirtual(measured.label), 'camera-virtual'),
    ),
  ]
}

const readMotion = (measured: CameraMeasured, least: number): Reading =>
  reading(
    'camera-motion',
    measured.frameDifference,
    least,
    whileSeen(measured, failWhen(measured.frameDifference <= least, 'camera-frozen')),
  )

/** A page in the background gets no frames: what is missing then says nothing about the camera. */
function whileSeen(measured: CameraMeasured, objection: Objection | null): Objection | null {
  return objection !== null && measured.pageHidden ? { verdict: 'unknown', cause: 'page-hidden' } : objection
}

function objectToLight({ meanLuma }: CameraMeasured, policy: EquipmentPolicy): Objection | null {
  const { blackBelowLuma, darkBelowLuma } = policy.camera
  return (
    failWhen(meanLuma < blackBelowLuma, 'camera-black') ?? warnWhen(meanLuma < darkBelowLuma, 'camera-dark')
  )
}
