import type { Cause } from './causes.ts'
import { judgeBandwidth } from './items/bandwidth.ts'
import { judgeCamera } from './items/camera.ts'
import { judgeConditions } from './items/conditions.ts'
import { judgeConnection } from './items/connection.ts'
import { judgeLoudspeaker } from './items/loudspeaker.ts'
import { judgeMicrophone } from './items/microphone.ts'
import { judgeBrowser, judgeSystem } from './items/platform.ts'
import { judgeRecording } from './items/recording.ts'
import { judgeScreens, judgeShare } from './items/screens.ts'
import { CHECK_ITEMS, type CheckItem, type Measurements } from './measurements.ts'
import type { EquipmentPolicy, ItemDuty } from './policy.ts'
import {
  type JudgedReading,
  type Reading,
  type ReadingName,
  type Verdict,
  gravest,
  isJudged,
  reading,
} from './reading.ts'

/** One line of the inspection sheet. `deciding` is the reading its verdict comes from. */
export type ItemVerdict = {
  readonly item: CheckItem
  readonly duty: ItemDuty
  readonly verdict: Verdict
  readonly deciding: JudgedReading
  readonly readings: readonly Reading[]
}

/** The whole sheet. `passed` is what a pass, a payment or an entry asks for. */
export type EquipmentVerdicts = {
  readonly items: readonly ItemVerdict[]
  readonly overall: Verdict
  readonly passed: boolean
}

/** Causes that only mean « not measured properly yet »: such a line must be walked again before the check can pass. */
const TO_REPEAT: ReadonlySet<Cause> = new Set<Cause>([
  'not-measured',
  'page-hidden',
  'bandwidth-capped',
  'connection-capped',
])

/**
 * Judges everything measured against a policy. The page uses it to show the sheet, the server to decide [CHK-11]:
 * the same measurements and policy give the same answer on both sides.
 */
export function judgeEquipment(measurements: Measurements, policy: EquipmentPolicy): EquipmentVerdicts {
  const items = CHECK_ITEMS.map((item) => judgeItem(item, measurements, policy))
  const overall = overallOf(items)
  return { items, overall, passed: overall === 'pass' || overall === 'warn' }
}

/** One line alone, as the sheet needs it while the others are still being measured. */
export function judgeItem(item: CheckItem, measurements: Measurements, policy: EquipmentPolicy): ItemVerdict {
  const readings = readingsOf(item, measurements, policy)
  const deciding = gravest(readings.filter(isJudged)) ?? notMeasured(item)
  return { item, duty: policy.items[item], verdict: deciding.verdict, deciding, readings }
}

/** Whether the line still has to be measured, or measured again, before it says anything. */
export function mustBeRepeated(verdict: ItemVerdict): boolean {
  return verdict.deciding.verdict === 'unknown' && TO_REPEAT.has(verdict.deciding.cause)
}

/**
 * `fail` when a compulsory line fails; else `unknown` while a compulsory line has not been measured; else `warn`
 * when any line is not a plain pass. What a browser cannot tell warns and never blocks [CHK-06][CHK-07].
 */
function overallOf(items: readonly ItemVerdict[]): Verdict {
  const compulsory = items.filter((item) => item.duty === 'compulsory')
  if (compulsory.some((item) => item.verdict === 'fail')) return 'fail'
  if (compulsory.some(mustBeRepeated)) return 'unknown'
  return items.every((item) => item.verdict === 'pass') ? 'pass' : 'warn'
}

function readingsOf(
  item: CheckItem,
  measurements: Measurements,
  policy: EquipmentPolicy,
): readonly Reading[] {
  switch (item) {
    case 'system':
      return measurements.system === null ? [notMeasured(item)] : judgeSystem(measurements.system, policy)
    case 'browser':
      return measurements.browser === null ? [notMeasured(item)] : judgeBrowser(measurements.browser, policy)
    case 'camera':
      return measurements.camera === null ? [notMeasured(item)] : judgeCamera(measurements.camera, policy)
    case 'microphone':
      return measurements.microphone === null
        ? [notMeasured(item)]
        : judgeMicrophone(measurements.microphone, policy)
    case 'bandwidth':
      return measurements.bandwidth === null
        ? [notMeasured(item)]
        : judgeBandwidth(measurements.bandwidth, policy)
    case 'connection':
      return measurements.connection === null
        ? [notMeasured(item)]
        : judgeConnection(measurements.connection, policy)
    case 'loudspeaker':
      return measurements.loudspeaker === null
        ? [notMeasured(item)]
        : judgeLoudspeaker(measurements.loudspeaker)
    case 'conditions':
      return measurements.conditions === null
        ? [notMeasured(item)]
        : judgeConditions(measurements.conditions, policy)
    case 'screens':
      return measurements.screens === null ? [notMeasured(item)] : judgeScreens(measurements.screens, policy)
    case 'share':
      return measurements.share === null ? [notMeasured(item)] : judgeShare(measurements.share, policy)
    case 'recording':
      return measurements.recording === null
        ? [notMeasured(item)]
        : judgeRecording(measurements.recording, policy)
  }
}

/** The reading that stands for a line on which nothing has been read. */
const emptyLine: { readonly [item in CheckItem]: ReadingName } = {
  system: 'system-name',
  browser: 'browser-name',
  camera: 'camera-access',
  microphone: 'microphone-access',
  bandwidth: 'bandwidth-access',
  screens: 'screens-count',
  share: 'share-access',
  recording: 'recording-access',
  connection: 'connection-access',
  loudspeaker: 'loudspeaker-access',
  conditions: 'conditions-screen',
}

const notMeasured = (item: CheckItem): JudgedReading =>
  reading(emptyLine[item], null, null, { verdict: 'unknown', cause: 'not-measured' })
