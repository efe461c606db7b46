import type { ConditionsMeasurement } from '../measurements.ts'
import type { EquipmentPolicy } from '../policy.ts'
import { type Reading, reading, warnWhen } from '../reading.ts'

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
    reading(
      'conditions-battery',
      battery === null ? null : battery.charging ? 'charging' : battery.share,
      null,
      warnWhen(battery !== null && !battery.charging, 'conditions-on-battery'),
    ),
    reading(
      'conditions-clock',
      skewSeconds,
      maxClockSkewSeconds,
      warnWhen(skewSeconds !== null && skewSeconds > maxClockSkewSeconds, 'conditions-clock-wrong'),
    ),
    reading(
      'conditions-remote',
      told(remoteDesktop),
      null,
      warnWhen(remoteDesktop === true, 'conditions-remote-desktop'),
    ),
    reading('conditions-vpn', told(vpn), null, warnWhen(vpn === true, 'conditions-vpn')),
  ]
}

const told = (seen: boolean | null): string | null => (seen === null ? null : seen ? 'seen' : 'none')
