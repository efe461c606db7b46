import type { BrowserMeasurement, SystemMeasurement } from '../measurements.ts'
import type { BrowserRule, EquipmentPolicy, SystemRule } from '../policy.ts'
import { type Objection, type Reading, reading } from '../reading.ts'

/** Compares dotted numbers: « 10.15 » comes after « 10.5 », « 11 » equals « 11.0 ». Anything else counts as 0. */
export function compareVersions(left: string, right: string): number {
  const numbers = (version: string) => version.split('.').map((part) => Number.parseInt(part, 10) || 0)
  const lefts = numbers(left)
  const rights = numbers(right)
  for (let index = 0; index < Math.max(lefts.length, rights.length); index++) {
    const difference = (lefts[index] ?? 0) - (rights[index] ?? 0)
    if (difference !== 0) return Math.sign(difference)
  }
  return 0
}

/** The operating system against the policy's table; phones and tablets are refused whatever it says [CHK-03]. */
export function judgeSystem(measured: SystemMeasurement, policy: EquipmentPolicy): readonly Reading[] {
  const rule = policy.systems.find((candidate) => candidate.family === measured.family)
  return [reading('system-name', measured.name, rule?.minimumVersion ?? null, objectToSystem(measured, rule))]
}

function objectToSystem(measured: SystemMeasurement, rule: SystemRule | undefined): Objection | null {
  if (measured.formFactor !== 'desktop' || measured.family === 'android' || measured.family === 'ios') {
    return { verdict: 'fail', cause: 'system-mobile' }
  }
  if (rule === undefined) {
    const cause = measured.family === 'other' ? 'system-unrecognised' : 'system-refused'
    return { verdict: 'fail', cause }
  }
  if (rule.minimumVersion === null) return null
  if (measured.version === null) return { verdict: 'unknown', cause: 'system-version-untold' }
  if (compareVersions(measured.version, rule.minimumVersion) >= 0) return null
  return { verdict: 'fail', cause: 'system-too-old' }
}

/** The browser against the policy's table, by its major version [CHK-03]. */
export function judgeBrowser(measured: BrowserMeasurement, policy: EquipmentPolicy): readonly Reading[] {
  const rule = policy.browsers.find((candidate) => candidate.family === measured.family)
  const value = measured.major === null ? measured.name : `${measured.name} ${measured.major}`
  return [reading('browser-name', value, rule?.minimumMajor ?? null, objectToBrowser(measured, rule))]
}

function objectToBrowser(measured: BrowserMeasurement, rule: BrowserRule | undefined): Objection | null {
  if (rule === undefined) {
    const cause = measured.family === 'other' ? 'browser-unrecognised' : 'browser-refused'
    return { verdict: 'fail', cause }
  }
  if (measured.major === null) return { verdict: 'unknown', cause: 'browser-version-untold' }
  return measured.major >= rule.minimumMajor ? null : { verdict: 'fail', cause: 'browser-too-old' }
}
