import { ok } from '@vigie/kernel/result'
import { describe, expect, it } from 'vitest'
import { scripts } from '../fakes/script.ts'
import { scriptedDevices } from '../fakes/scriptedDevices.ts'
import type { PlatformFacts } from './devices.ts'
import { identifyPlatform, platformProbe } from './platform.ts'
import { recordingProbe } from './recording.ts'
import { screensProbe } from './screens.ts'

const string = (userAgent: string, maxTouchPoints = 0): PlatformFacts => ({
  userAgent,
  maxTouchPoints,
  hints: null,
})
const hinted = (platform: string, platformVersion: string, ...brands: string[]): PlatformFacts => ({
  userAgent: '',
  maxTouchPoints: 0,
  hints: {
    platform,
    platformVersion,
    mobile: false,
    brands: ['Not=A?Brand', 'Chromium', ...brands].map((brand) => ({ brand, version: '156.0.1.2' })),
  },
})

describe('[CHK-03] reading the client hints', () => {
  it.each([
    ['Windows', '15.0.0', 'Windows 11', '11.0'],
    ['Windows', '13.0.0', 'Windows 11', '11.0'],
    ['Windows', '10.0.0', 'Windows 10', '10.0'],
    ['Windows', '0.3.0', 'Windows 8.1', '6.3'],
    ['Windows', '0.1.0', 'Windows 7', '6.1'],
    ['macOS', '15.3.1', 'macOS 15.3.1', '15.3.1'],
    ['macOS', '26.0.0', 'macOS 26', '26.0.0'],
    ['Linux', '6.12.5', 'Linux', null],
    ['Chrome OS', '16433.0.0', 'ChromeOS 16433', '16433.0.0'],
    ['', '', '', null],
  ])('[CHK-03] %s %s is « %s »', (platform, told, name, version) => {
    const { system } = identifyPlatform(hinted(platform, told, 'Google Chrome'))
    expect(system).toMatchObject({ name, version, formFactor: 'desktop', source: 'client-hints' })
  })

  it.each([
    [['Google Chrome'], 'chrome', 'Google Chrome'],
    [['Microsoft Edge'], 'edge', 'Microsoft Edge'],
    [[], 'chromium', 'Chromium'],
    [['HeadlessChrome'], 'chromium', 'HeadlessChrome'],
    [['Opera'], 'opera', 'Opera'],
    [['Brave'], 'other', 'Brave'],
    [['YaBrowser', 'Google Chrome'], 'other', 'YaBrowser'],
  ])('[CHK-03] brands %j are %s', (brands, family, name) => {
    const { browser } = identifyPlatform(hinted('Windows', '15.0.0', ...brands))
    expect(browser).toEqual({ family, name, major: 156, source: 'client-hints' })
  })

  it('[CHK-03] a phone is a phone', () => {
    const facts = hinted('Android', '15.0.0', 'Google Chrome')
    const phone = { ...facts, hints: facts.hints && { ...facts.hints, mobile: true } }
    expect(identifyPlatform(phone).system).toMatchObject({ family: 'android', formFactor: 'phone' })
    expect(identifyPlatform(facts).system).toMatchObject({ family: 'android', formFactor: 'tablet' })
  })
})

describe('[CHK-03] reading the user agent string where there are no hints', () => {
  it.each([
    [
      'Windows XP',
      'Mozilla/5.0 (Windows NT 5.1; rv:52.0) Gecko/20100101 Firefox/52.0',
      { family: 'windows', name: 'Windows XP', version: '5.1', formFactor: 'desktop' },
      { family: 'firefox', major: 52 },
    ],
    [
      'Firefox on Windows',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0',
      { family: 'windows', name: 'Windows 10', version: '10.0', formFactor: 'desktop' },
      { family: 'firefox', major: 150 },
    ],
    [
      'Safari on a Mac, whose version is frozen',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
      { family: 'macos', name: 'macOS', version: null, formFactor: 'desktop' },
      { family: 'safari', major: 26 },
    ],
    [
      'Firefox on Linux',
      'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0',
      { family: 'linux', name: 'Linux', version: null, formFactor: 'desktop' },
      { family: 'firefox', major: 150 },
    ],
    [
      'an iPhone',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      { family: 'ios', formFactor: 'phone' },
      {},
    ],
    [
      'Chrome over plain http on Windows',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
      { family: 'windows', formFactor: 'desktop', source: 'user-agent' },
      { family: 'chrome', major: 156 },
    ],
  ])('[CHK-03] %s', (_what, userAgent, system, browser) => {
    const read = identifyPlatform(string(userAgent))
    expect(read.system).toMatchObject(system)
    expect(read.browser).toMatchObject(browser)
  })

  it('[CHK-03] an iPad that calls itself a Mac is a tablet', () => {
    const mac =
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15'
    expect(identifyPlatform(string(mac, 5)).system).toMatchObject({ family: 'ios', formFactor: 'tablet' })
  })

  it('[CHK-03] nonsense is « other », not an error', () => {
    expect(identifyPlatform(string('')).system.family).toBe('other')
    expect(identifyPlatform(string('curl/8')).browser).toMatchObject({ family: 'other' })
  })
})

describe('[CHK-01] probes that measure in one go', () => {
  it('[CHK-03] system and browser', async () => {
    const probe = platformProbe(scriptedDevices(scripts.sound))
    probe.start()
    expect(await probe.result).toMatchObject({
      system: { name: 'Windows 11' },
      browser: { family: 'chrome' },
    })
  })
  it('[CHK-07] screens', async () => {
    const probe = screensProbe(scriptedDevices(scripts.secondScreen))
    probe.start()
    expect(await probe.result).toEqual({ extended: true, width: 1440, height: 900 })
  })
  it('[CHK-09] recording', async () => {
    const probe = recordingProbe(scriptedDevices(scripts.slowEncoder))
    probe.start()
    expect(await probe.result).toMatchObject({ outcome: 'measured', encodeMs: 2600, storageBytes: 5e9 })
  })
  it('[CHK-09] a machine that was only busy for a moment gets a second trial, a quick one does not', async () => {
    const trials = async (...encodeMs: number[]) => {
      const devices = scriptedDevices(scripts.sound)
      let count = 0
      const encodeTrial: typeof devices.encodeTrial = async () =>
        ok({ codec: 'avc', mediaMs: 2000, bytes: 1, encodeMs: encodeMs[count++] ?? Number.NaN })
      const probe = recordingProbe({ ...devices, encodeTrial })
      probe.start()
      return { measured: await probe.result, count }
    }
    expect(await trials(1999)).toMatchObject({ measured: { encodeMs: 1999 }, count: 1 })
    expect(await trials(2000, 700)).toMatchObject({ measured: { encodeMs: 700 }, count: 2 })
    expect(await trials(2500, 3000)).toMatchObject({ measured: { encodeMs: 2500 }, count: 2 })
  })
})
