import type { RouteOutcome } from '@vigie/checks/verdict/measurements'
import { isObjected, type Reading, type ReadingName, type ReadingValue } from '@vigie/checks/verdict/reading'
import { m } from '#lib/paraglide/messages.js'

/** A reading's value as people read it, with its unit, in the person's language. */
export const valueInWords = (reading: Reading, language: string): string =>
  written(reading.value, reading, language, finerDigits(reading, language))

/** What was asked for, in words: « au moins 640×480 ». Null where there is nothing to compare with. */
export function thresholdInWords(reading: Reading, language: string): string | null {
  if (reading.threshold === null) return null
  const value = written(reading.threshold, reading, language, finerDigits(reading, language))
  switch (boundOf[reading.name]) {
    case 'least':
      return m.checks_threshold_least({ value })
    case 'most':
      return m.checks_threshold_most({ value })
    case 'over':
      return m.checks_threshold_over({ value })
    case 'asked':
      return m.checks_threshold_asked({ value })
    case 'version':
      return m.checks_threshold_version({ value: String(reading.threshold) })
    case 'none':
      return null
  }
}

/** More than this nobody measures. */
const MOST_FINER = 6

/**
 * Rounded as usual, what falls just short would read as what is asked, and the verdict as a mistake: it is then written
 * with so many digits more that one can be told from the other [CHK-02].
 */
function finerDigits(reading: Reading, language: string): number {
  const { value, threshold } = reading
  if (!isObjected(reading) || typeof value !== 'number' || typeof threshold !== 'number') return 0
  const alike = (finer: number) =>
    written(value, reading, language, finer) === written(threshold, reading, language, finer)
  let finer = 0
  while (finer < MOST_FINER && alike(finer)) finer++
  return alike(finer) ? 0 : finer
}

type Bound = 'least' | 'most' | 'over' | 'asked' | 'version' | 'none'

/** How a value stands to its threshold. A system's number (10.0, 6.1) says nothing to people: the cause does. */
const boundOf: { readonly [name in ReadingName]: Bound } = {
  'system-name': 'none',
  'browser-name': 'version',
  'camera-access': 'none',
  'camera-size': 'least',
  'camera-rate': 'least',
  'camera-light': 'least',
  'camera-glare': 'most',
  'camera-motion': 'none',
  'camera-origin': 'none',
  'microphone-access': 'none',
  'microphone-level': 'least',
  'microphone-over-noise': 'least',
  'microphone-clipping': 'most',
  'bandwidth-access': 'none',
  'bandwidth-down': 'least',
  'bandwidth-up': 'least',
  'bandwidth-round-trip': 'most',
  'bandwidth-jitter': 'most',
  'connection-access': 'none',
  'connection-udp': 'none',
  'connection-tcp': 'none',
  'connection-turn': 'none',
  'connection-loss': 'most',
  'loudspeaker-access': 'none',
  'loudspeaker-digits': 'none',
  'conditions-screen': 'least',
  'conditions-battery': 'none',
  'conditions-clock': 'most',
  'conditions-remote': 'none',
  'conditions-vpn': 'none',
  'screens-count': 'asked',
  'share-access': 'none',
  'share-surface': 'asked',
  'recording-access': 'none',
  'recording-speed': 'over',
  'recording-storage': 'least',
  'recording-private': 'none',
}

const ROUTES: { readonly [outcome in RouteOutcome]: () => string } = {
  connected: m.checks_value_route_connected,
  failed: m.checks_value_route_failed,
  'not-offered': m.checks_value_route_not_offered,
  'not-tried': m.checks_value_route_not_tried,
}

const WORDS: Readonly<Record<string, () => string>> = {
  single: m.checks_value_single,
  several: m.checks_value_several,
  monitor: m.checks_value_monitor,
  window: m.checks_value_window,
  browser: m.checks_value_tab,
  ...ROUTES,
  'relay-udp': m.checks_value_relay_udp,
  'relay-tcp': m.checks_value_relay_tcp,
  'relay-tls': m.checks_value_relay_tls,
  written: m.checks_value_written,
  charging: m.checks_value_charging,
  seen: m.checks_value_seen,
  none: m.checks_value_ordinary,
  private: m.checks_value_private,
  ordinary: m.checks_value_ordinary,
}

function written(value: ReadingValue, reading: Reading, language: string, finer: number): string {
  const { name } = reading
  if (name === 'camera-motion') return reading.verdict === 'pass' ? m.checks_value_yes() : m.checks_value_no()
  if (name.endsWith('-access')) return m.checks_value_no()
  if (value === null || value === '') return m.checks_value_none()
  if (typeof value === 'string') return WORDS[value]?.() ?? value
  return measured(name, value, language, finer)
}

/** A number in the unit of its measurement, with so many digits more than usual. */
function measured(name: ReadingName, value: number, language: string, finer: number): string {
  switch (name) {
    case 'camera-rate':
      return m.checks_value_per_second({ value: figure(value, language, finer) })
    case 'camera-light':
    case 'camera-glare':
      return percent(value / 255, language, finer)
    case 'connection-loss':
    case 'microphone-clipping':
      return percent(value, language, 1 + finer)
    case 'conditions-battery':
      return m.checks_value_on_battery({ share: percent(value, language, 1) })
    case 'conditions-clock':
      return m.checks_value_seconds({ value: figure(value, language, finer) })
    case 'microphone-level':
    case 'microphone-over-noise':
      return decibels(value, language, finer)
    case 'bandwidth-down':
    case 'bandwidth-up':
      return speed(value, language, finer)
    case 'bandwidth-round-trip':
    case 'bandwidth-jitter':
      return m.checks_value_ms({ value: figure(value, language, finer) })
    case 'recording-speed':
      return m.checks_value_real_time({ value: figure(value, language, 1 + finer) })
    case 'recording-storage':
      return storage(value, language, finer)
    default:
      return figure(value, language, 1 + finer)
  }
}

/** « 40 % » of something under way. */
export const shareInWords = (share: number, language: string): string => percent(share, language, 0)

/** How a way into live media was found: « ouverte ». */
export const wayInWords = (found: RouteOutcome): string => ROUTES[found]()

const percent = (share: number, language: string, digits: number): string =>
  new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: digits }).format(share)

const figure = (value: number, language: string, digits: number): string =>
  new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)

/** « −32 dB » */
export const decibels = (value: number, language: string, digits = 0): string =>
  m.checks_value_decibels({ value: figure(value, language, digits).replace('-', '−') })

/** « 1 240 kbit/s », from 10 Mbit/s on « 24 Mbit/s ». */
export const speed = (kbps: number, language: string, finer = 0): string =>
  kbps < 10_000
    ? m.checks_value_kbps({ value: figure(kbps, language, finer) })
    : m.checks_value_mbps({ value: figure(kbps / 1000, language, (kbps < 100_000 ? 1 : 0) + finer) })

function storage(bytes: number, language: string, finer: number): string {
  const [unit, size] = bytes >= 1e9 ? (['gigabyte', 1e9] as const) : (['megabyte', 1e6] as const)
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    maximumFractionDigits: (bytes >= 1e10 ? 0 : 1) + finer,
  }).format(bytes / size)
}

/** « au moins −50 dB », under the meter of the microphone. */
export const thresholdOfVoice = (dbfs: number, language: string): string =>
  m.checks_threshold_least({ value: decibels(dbfs, language) })

/** Whether a value is set in figures of one width, or in words. */
export const inFigures = (value: string | null): boolean => value !== null && /^[\d−]/.test(value)
