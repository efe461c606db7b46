import type { ConditionsMeasurement } from '../measurements.ts'
import type { EquipmentPolicy } from '../policy.ts'
import {
  type Objection,
  type Reading,
  type ReadingName,
  type ReadingValue,
  notJudged,
  reading,
  warnWhen,
} from '../reading.ts'

/** What is around the exam: warnings at most, and nothing where the browser does not tell [CHK-10]. */
export function judgeConditions(
  measured: ConditionsMeasurement,
  policy: EquipmentPolicy,
): readonly Reading[] {
  const { minScreenWidth, minScreenHeight, maxClockSkewSeconds } = policy.conditions
  const { screenWidth, screenHeight, battery, clockAheadMs, remoteDesktop, vpn } = measured
  const skewSeconds = clockAheadMs === null ? null : Math.abs(clockAheadMs) / 1000
  return [
    reading(
      'conditions-screen',
      `${screenWidth}×${screenHeight}`,
      `${minScreenWidth}×${minScreenHeight}`,
      warnWhen(screenWidth < minScreenWidth || screenHeight < minScreenHeight, 'conditions-screen-small'),
    ),
    toldOf(
      'conditions-battery',
      battery === null ? null : battery.charging ? 'charging' : battery.share,
      null,
      warnWhen(battery !== null && !battery.charging, 'conditions-on-battery'),
    ),
    toldOf(
      'conditions-clock',
      skewSeconds,
      maxClockSkewSeconds,
      warnWhen(skewSeconds !== null && skewSeconds > maxClockSkewSeconds, 'conditions-clock-wrong'),
    ),
    toldOf(
      'conditions-remote',
      seen(remoteDesktop),
      null,
      warnWhen(remoteDesktop === true, 'conditions-remote-desktop'),
    ),
    toldOf('conditions-vpn', seen(vpn), null, warnWhen(vpn === true, 'conditions-vpn')),
  ]
}

/** What the browser does not tell is not judged. */
const toldOf = (
  name: ReadingName,
  value: ReadingValue,
  threshold: ReadingValue,
  objection: Objection | null,
): Reading =>
  value === null ? notJudged(name, value, threshold) : reading(name, value, threshold, objection)

const seen = (hint: boolean | null): string | null => (hint === null ? null : hint ? 'seen' : 'none')
