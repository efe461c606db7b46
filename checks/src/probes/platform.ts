import { UAParser } from 'ua-parser-js'
import type {
  BrowserFamily,
  BrowserMeasurement,
  FormFactor,
  SystemFamily,
  SystemMeasurement,
} from '../verdict/measurements.ts'
import type { Devices, PlatformFacts } from './devices.ts'
import { type Probe, createProbe } from './probe.ts'

export type PlatformMeasurement = {
  readonly system: SystemMeasurement
  readonly browser: BrowserMeasurement
} | null

/** Which system and browser this is [CHK-03]. Null only when the probe was stopped before it could ask. */
export function platformProbe<Stream>(devices: Devices<Stream>): Probe<never, PlatformMeasurement> {
  return createProbe<never, PlatformMeasurement>(
    async () => identifyPlatform(await devices.platform()),
    () => null,
  )
}

/** Reads what the browser says of itself: client hints where there are any, the user agent string elsewhere. */
export function identifyPlatform(facts: PlatformFacts): {
  system: SystemMeasurement
  browser: BrowserMeasurement
} {
  return facts.hints === null ? fromUserAgent(facts) : fromHints(facts.hints)
}

const BRANDS: readonly (readonly [brand: string, family: BrowserFamily])[] = [
  ['Microsoft Edge', 'edge'],
  ['Opera', 'opera'],
  ['Google Chrome', 'chrome'],
  ['HeadlessChrome', 'chromium'],
  ['Chromium', 'chromium'],
]
/** Brands that mean nothing by themselves: Chromium adds a changing one (« Not?A_Brand ») to keep sites honest. */
const GREASE = /not.?a.?brand/i

const HINTED_SYSTEMS: Readonly<Record<string, SystemFamily>> = {
  Windows: 'windows',
  macOS: 'macos',
  'Chrome OS': 'chromeos',
  'Chromium OS': 'chromeos',
  Linux: 'linux',
  Android: 'android',
  iOS: 'ios',
}

function fromHints(hints: NonNullable<PlatformFacts['hints']>) {
  const family = HINTED_SYSTEMS[hints.platform] ?? 'other'
  const version = hintedVersion(family, hints.platformVersion)
  const system: SystemMeasurement = {
    family,
    name: systemName(family, hints.platform, version),
    version,
    formFactor: hints.mobile ? 'phone' : family === 'android' || family === 'ios' ? 'tablet' : 'desktop',
    source: 'client-hints',
  }
  return { system, browser: fromBrands(hints.brands) }
}

function fromBrands(
  brands: readonly { readonly brand: string; readonly version: string }[],
): BrowserMeasurement {
  // A brand we do not know beside « Chromium » is another maker's browser (Brave, Vivaldi…), not plain Chromium.
  const foreign = brands.find(
    ({ brand }) => !GREASE.test(brand) && !BRANDS.some(([known]) => known === brand),
  )
  const known = BRANDS.map(([name, family]) => ({
    family,
    told: brands.find(({ brand }) => brand === name),
  })).find(({ told }) => told !== undefined)
  if (foreign !== undefined || known?.told === undefined) {
    const told = foreign ?? known?.told
    return { family: 'other', name: told?.brand ?? '', major: majorOf(told?.version), source: 'client-hints' }
  }
  const { family, told } = known
  return { family, name: told.brand, major: majorOf(told.version), source: 'client-hints' }
}

/**
 * Windows tells the number of an API contract: 0.1 to 0.3 for 7, 8 and 8.1, 1 to 10 for Windows 10, 13 and more for
 * Windows 11 (as Microsoft documents it). Linux tells its kernel's, which says nothing about fitness.
 */
function hintedVersion(family: SystemFamily, told: string): string | null {
  if (!/^\d/.test(told) || family === 'linux') return null
  if (family !== 'windows') return told
  const [major = 0, minor = 0] = told.split('.').map(Number)
  if (major >= 13) return '11.0'
  if (major > 0) return '10.0'
  return { 1: '6.1', 2: '6.2', 3: '6.3' }[minor] ?? null
}

const PARSED_SYSTEMS: Readonly<Record<string, SystemFamily>> = {
  Windows: 'windows',
  'Mac OS': 'macos',
  'Chromium OS': 'chromeos',
  Linux: 'linux',
  Ubuntu: 'linux',
  Debian: 'linux',
  Fedora: 'linux',
  Mint: 'linux',
  Android: 'android',
  iOS: 'ios',
  'Windows Phone': 'other',
}
const PARSED_BROWSERS: Readonly<Record<string, BrowserFamily>> = {
  Chrome: 'chrome',
  'Chrome Headless': 'chromium',
  Chromium: 'chromium',
  Edge: 'edge',
  Firefox: 'firefox',
  Safari: 'safari',
  Opera: 'opera',
}
/** Windows by the number inside. « 10 » also stands for Windows 11: the string is frozen there. */
const WINDOWS_NUMBERS: Readonly<Record<string, string>> = {
  XP: '5.1',
  Vista: '6.0',
  '7': '6.1',
  '8': '6.2',
  '8.1': '6.3',
  '10': '10.0',
}

function fromUserAgent(facts: PlatformFacts) {
  const parsed = new UAParser(facts.userAgent).getResult()
  const told = parsed.os.name ?? ''
  // An iPad presents itself as a Mac, but Macs have no touch screen.
  const disguised = told === 'Mac OS' && facts.maxTouchPoints > 1
  const family = disguised ? 'ios' : (PARSED_SYSTEMS[told] ?? 'other')
  const version = parsedVersion(family, parsed.os.version)
  const type = parsed.device.type
  const formFactor: FormFactor =
    disguised || type === 'tablet' ? 'tablet' : type === 'mobile' ? 'phone' : 'desktop'
  const system: SystemMeasurement = {
    family,
    name: systemName(family, told, version),
    version,
    formFactor,
    source: 'user-agent',
  }
  const name = parsed.browser.name ?? ''
  const browser: BrowserMeasurement = {
    family: PARSED_BROWSERS[name] ?? 'other',
    name,
    major: majorOf(parsed.browser.version),
    source: 'user-agent',
  }
  return { system, browser }
}

function parsedVersion(family: SystemFamily, told: string | undefined): string | null {
  if (told === undefined || family === 'linux') return null
  if (family === 'windows') return WINDOWS_NUMBERS[told] ?? null
  // Every browser's string says 10.15.7 since macOS 11: then the version is simply not told.
  if (family === 'macos' && told.startsWith('10.15')) return null
  return /^\d/.test(told) ? told : null
}

const WINDOWS_NAMES: Readonly<Record<string, string>> = {
  '5.1': 'XP',
  '6.0': 'Vista',
  '6.1': '7',
  '6.2': '8',
  '6.3': '8.1',
  '10.0': '10',
  '11.0': '11',
}

/** The system's name as its users say it: « Windows 11 », « macOS 15.3 »; `told` where its family has no name. */
export function systemName(family: SystemFamily, told: string, version: string | null): string {
  if (family === 'windows')
    return version === null ? 'Windows' : `Windows ${WINDOWS_NAMES[version] ?? version}`
  const name = {
    macos: 'macOS',
    chromeos: 'ChromeOS',
    linux: 'Linux',
    android: 'Android',
    ios: 'iOS',
    other: told,
  }[family]
  return version === null ? name : `${name} ${version.replace(/(\.0)+$/, '')}`
}

function majorOf(version: string | undefined): number | null {
  const major = Number.parseInt(version ?? '', 10)
  return Number.isNaN(major) ? null : major
}
