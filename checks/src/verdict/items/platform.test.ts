import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BrowserFamily, BrowserMeasurement, SystemMeasurement } from '../measurements.ts'
import { defaultPolicy, demonstrationPolicy, funPolicy } from '../policies.ts'
import type { EquipmentPolicy } from '../policy.ts'
import { isObjected, type Reading } from '../reading.ts'
import { compareVersions, judgeBrowser, judgeSystem } from './platform.ts'

const policies = { default: defaultPolicy, FUN: funPolicy, demonstration: demonstrationPolicy }
const systems = {
  'Windows 11': { family: 'windows', version: '11.0' },
  'Windows 10': { family: 'windows', version: '10.0' },
  'Windows 8.1': { family: 'windows', version: '6.3' },
  'Windows Vista': { family: 'windows', version: '6.0' },
  'Windows XP': { family: 'windows', version: '5.1' },
  'macOS 12': { family: 'macos', version: '12.0' },
  'macOS 11': { family: 'macos', version: '11.7.10' },
  'Mac OS X 10.5': { family: 'macos', version: '10.5' },
  'Mac OS X 10.4': { family: 'macos', version: '10.4.11' },
  'macOS, version untold': { family: 'macos', version: null },
  ChromeOS: { family: 'chromeos', version: '16433.0.0' },
  Linux: { family: 'linux', version: null },
  FreeBSD: { family: 'other', version: null },
} as const satisfies Record<string, Pick<SystemMeasurement, 'family' | 'version'>>

const only = (readings: readonly Reading[]): string =>
  readings.map((one) => (isObjected(one) ? `${one.verdict} ${one.cause}` : one.verdict)).join()

const judge = (name: keyof typeof systems, policy: EquipmentPolicy) =>
  only(judgeSystem({ ...systems[name], name, formFactor: 'desktop', source: 'client-hints' }, policy))

describe('[CHK-03] systems by policy', () => {
  it.each([
    ['Windows 11', 'default', 'pass'],
    ['Windows 10', 'default', 'pass'],
    ['Windows 8.1', 'default', 'fail system-too-old'],
    ['Windows XP', 'default', 'fail system-too-old'],
    ['macOS 12', 'default', 'pass'],
    ['macOS 11', 'default', 'fail system-too-old'],
    ['macOS, version untold', 'default', 'unknown system-version-untold'],
    ['ChromeOS', 'default', 'pass'],
    ['Linux', 'default', 'fail system-refused'],
    ['FreeBSD', 'default', 'fail system-unrecognised'],
    ['Windows Vista', 'FUN', 'pass'],
    ['Windows XP', 'FUN', 'fail system-too-old'],
    ['Mac OS X 10.5', 'FUN', 'pass'],
    ['Mac OS X 10.4', 'FUN', 'fail system-too-old'],
    ['Linux', 'FUN', 'fail system-refused'],
    ['Linux', 'demonstration', 'pass'],
    ['Windows XP', 'demonstration', 'fail system-too-old'],
  ] as const)('[CHK-03] %s under the %s policy: %s', (system, policy, expected) => {
    expect(judge(system, policies[policy])).toBe(expected)
  })

  it.each([
    ['ios', 'phone'],
    ['android', 'tablet'],
    // A tablet that calls itself a desktop system is still a tablet.
    ['windows', 'tablet'],
    ['linux', 'phone'],
  ] as const)('[CHK-03] %s on a %s is refused under every policy', (family, formFactor) => {
    for (const policy of Object.values(policies)) {
      const readings = judgeSystem(
        { family, name: family, version: '99', formFactor, source: 'user-agent' },
        policy,
      )
      expect(only(readings)).toBe('fail system-mobile')
    }
  })
})

describe('[CHK-03] browsers by policy', () => {
  const minimum = 154
  const browse = (family: BrowserFamily, major: number | null, policy: EquipmentPolicy = defaultPolicy) => {
    const measured: BrowserMeasurement = { family, name: family, major, source: 'client-hints' }
    return only(judgeBrowser(measured, policy))
  }

  it.each([
    ['chrome', minimum, 'pass'],
    ['chrome', minimum + 1, 'pass'],
    ['chrome', minimum - 1, 'fail browser-too-old'],
    ['edge', minimum, 'pass'],
    ['edge', minimum - 1, 'fail browser-too-old'],
    ['chrome', null, 'unknown browser-version-untold'],
    ['chromium', 300, 'fail browser-refused'],
    ['firefox', 300, 'fail browser-refused'],
    ['safari', 300, 'fail browser-refused'],
    ['other', null, 'fail browser-unrecognised'],
  ] as const)('[CHK-03] %s %s by default: %s', (family, major, expected) => {
    expect(browse(family, major)).toBe(expected)
  })

  it('[CHK-03] the demonstration also admits plain Chromium, and still refuses Firefox', () => {
    expect(browse('chromium', 150, demonstrationPolicy)).toBe('pass')
    expect(browse('chromium', 129, demonstrationPolicy)).toBe('fail browser-too-old')
    expect(browse('firefox', 150, demonstrationPolicy)).toBe('fail browser-refused')
  })
})

describe('comparing versions', () => {
  it.each([
    ['10.5', '10.15', -1],
    ['11', '11.0', 0],
    ['6.3', '6.2', 1],
    ['', '0', 0],
  ])('« %s » against « %s »: %i', (left, right, expected) => {
    expect(compareVersions(left, right)).toBe(expected)
  })

  it('orders numbers as numbers do, either way round', () => {
    const version = fc.array(fc.nat(40), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'))
    fc.assert(
      fc.property(version, version, (left, right) => {
        expect(compareVersions(left, right) + compareVersions(right, left)).toBe(0)
        expect(compareVersions(left, `${left}.1`)).toBe(-1)
      }),
    )
  })
})
