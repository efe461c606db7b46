import { describe, expect, it } from 'vitest'
import { scripts } from '../fakes/script.ts'
import { scriptedDevices } from '../fakes/scriptedDevices.ts'
import { type CheckItem, type Measurements, NO_MEASUREMENTS } from '../verdict/measurements.ts'
import { defaultPolicy, demonstrationPolicy, funPolicy } from '../verdict/policies.ts'
import { isObjected } from '../verdict/reading.ts'
import { judgeItem } from '../verdict/verdict.ts'
import { bandwidthProbe } from './bandwidth.ts'
import { conditionsProbe } from './conditions.ts'
import { connectionProbe } from './connection.ts'
import { loudspeakerProbe } from './loudspeaker.ts'
import { microphoneProbe } from './microphone.ts'
import { platformProbe } from './platform.ts'
import { recordingProbe } from './recording.ts'
import { screensProbe } from './screens.ts'

type ScriptName = keyof typeof scripts
const devicesOf = (name: ScriptName) => scriptedDevices(scripts[name])

/** What the sheet says of one line of a scripted machine: « pass », or verdict and cause of each objection. */
function said(item: CheckItem, measured: Partial<Measurements>, policy = defaultPolicy): string {
  const line = judgeItem(item, { ...NO_MEASUREMENTS, ...measured }, policy)
  const objections = line.readings.flatMap((one) => (isObjected(one) ? [`${one.verdict} ${one.cause}`] : []))
  return objections.length === 0 ? 'pass' : objections.join(', ')
}

describe('[CHK-03] systems and browsers, through their own words', () => {
  it.each([
    ['sound', 'pass', 'pass'],
    ['oldBrowser', 'unknown system-version-untold', 'fail browser-too-old'],
    ['phone', 'fail system-mobile', 'pass'],
    ['firefox', 'unknown system-version-untold', 'fail browser-refused'],
    ['linux', 'fail system-refused', 'pass'],
    ['windowsXp', 'fail system-too-old', 'fail browser-too-old'],
  ] as const)('[CHK-03] %s: system %s, browser %s', async (name, system, browser) => {
    const probe = platformProbe(devicesOf(name))
    probe.start()
    const measured = (await probe.result) ?? {}
    const told = [said('system', measured), said('browser', measured)]
    // « Windows NT 10.0 » is what the string has said since Windows 10 came out: it passes from there on.
    expect(told).toEqual([system.replace('unknown system-version-untold', 'pass'), browser])
  })

  it.each([
    ['linux', 'fail system-refused', 'pass'],
    ['windowsXp', 'fail system-too-old', 'fail system-too-old'],
  ] as const)('[FUN-07] %s: %s for FUN, %s for the demonstration', async (name, fun, demonstration) => {
    const probe = platformProbe(devicesOf(name))
    probe.start()
    const measured = (await probe.result) ?? {}
    expect([said('system', measured, funPolicy), said('system', measured, demonstrationPolicy)]).toEqual([
      fun,
      demonstration,
    ])
  })
})

describe('[CHK-06] live media over scripted networks', () => {
  it.each([
    ['sound', 'pass'],
    ['blockedUdp', 'warn connection-udp-blocked'],
    ['relayOnly', 'warn connection-relay-only, warn connection-tcp-blocked'],
    ['blockedMedia', 'fail connection-blocked'],
    ['lossyLine', 'warn connection-lossy'],
    ['noLiveService', 'unknown connection-not-offered'],
  ] as const)('[CHK-06] %s: %s', async (name, expected) => {
    const stages: string[] = []
    const probe = connectionProbe(devicesOf(name))
    probe.onValue(({ stage, found }) =>
      stages.push(`${stage}, known: ${Object.values(found).filter((one) => one !== null).length}`),
    )
    probe.start()
    expect(said('connection', { connection: await probe.result })).toBe(expected)
    expect(stages).toEqual(
      name === 'noLiveService' ? [] : ['direct, known: 0', 'tcp, known: 1', 'turn, known: 2'],
    )
  })

  it('[CHK-01] a check that only confirms an earlier one tries the direct way alone, and says so', async () => {
    const probe = connectionProbe(devicesOf('sound'), 'quick')
    probe.start()
    const connection = await probe.result
    expect(connection).toMatchObject({ udp: 'connected', tcp: 'not-tried', turn: 'not-tried' })
    expect(said('connection', { connection })).toBe('pass')
  })

  it('[CHK-01] it also measures the line for half as long', async () => {
    const took = async (pace: 'whole' | 'quick') => {
      const devices = scriptedDevices({
        ...scripts.sound,
        line: { downKbps: 200, upKbps: 200, roundTripMs: 40 },
      })
      const probe = bandwidthProbe(devices, pace)
      probe.start()
      const measured = await probe.result
      if (measured.outcome === 'failed') throw new Error(measured.failure)
      expect(Math.abs(measured.downKbps / 200 - 1)).toBeLessThan(0.15)
      expect(Math.abs(measured.upKbps / 200 - 1)).toBeLessThan(0.15)
      return devices.now()
    }
    expect(await took('quick')).toBeLessThan(9_000)
    expect(await took('whole')).toBeLessThan(17_500)
  })
})

describe('[CHK-05] loudspeakers and a clipped voice', () => {
  it.each([
    ['472', 'pass'],
    [' 4 7 2 ', 'pass'],
    ['473', 'fail loudspeaker-not-heard'],
    ['', 'fail loudspeaker-not-heard'],
  ])('[CHK-05] « %s » typed: %s', async (typed, expected) => {
    const probe = loudspeakerProbe(devicesOf('sound'))
    probe.start()
    probe.answer(typed)
    expect(said('loudspeaker', { loudspeaker: await probe.result })).toBe(expected)
  })

  it('[CHK-05] may be listened to again, and says when it plays', async () => {
    const probe = loudspeakerProbe(devicesOf('sound'))
    const stages: string[] = []
    const twice = Promise.withResolvers<void>()
    probe.onValue(({ stage }) => {
      stages.push(stage)
      if (stages.filter((one) => one === 'listening').length === 1 && stages.length === 2) probe.repeat()
      if (stages.length === 4) twice.resolve()
    })
    probe.start()
    await twice.promise
    expect(stages).toEqual(['playing', 'listening', 'playing', 'listening'])
    probe.write()
    expect(said('loudspeaker', { loudspeaker: await probe.result })).toBe('pass')
  })

  it('[CHK-05] a computer without sound says so; stopping is no answer', async () => {
    const mute = loudspeakerProbe(devicesOf('muteLoudspeaker'))
    mute.start()
    expect(said('loudspeaker', { loudspeaker: await mute.result })).toBe('fail loudspeaker-failed')
    const stopped = loudspeakerProbe(devicesOf('sound'))
    stopped.start()
    stopped.stop()
    expect(said('loudspeaker', { loudspeaker: await stopped.result })).toBe('unknown not-measured')
  })

  it('[CHK-05] a voice at full scale is pointed out', async () => {
    const enough = { speechDbfs: -50, overNoiseDb: 10 }
    const probe = microphoneProbe(devicesOf('clippedMicrophone'), { deviceId: null, enough })
    probe.start()
    expect(said('microphone', { microphone: await probe.result })).toBe('warn microphone-clipped')
    probe.stop()
  })
})

describe('[CHK-07][CHK-09][CHK-10] what is around the exam', () => {
  it.each([
    ['sound', 'pass'],
    ['smallScreen', 'warn conditions-screen-small'],
    ['onBattery', 'warn conditions-on-battery'],
    ['wrongClock', 'warn conditions-clock-wrong'],
    ['remoteDesktop', 'warn conditions-remote-desktop'],
    ['behindVpn', 'warn conditions-vpn'],
  ] as const)('[CHK-10] %s: %s', async (name, expected) => {
    const probe = conditionsProbe(devicesOf(name))
    probe.start()
    expect(said('conditions', { conditions: await probe.result })).toBe(expected)
  })

  it.each([
    ['sound', 'pass'],
    ['secondScreen', 'fail screens-several'],
  ] as const)('[CHK-07] %s: %s', async (name, expected) => {
    const probe = screensProbe(devicesOf(name))
    probe.start()
    expect(said('screens', { screens: await probe.result })).toBe(expected)
  })

  it.each([
    ['sound', 'pass'],
    ['slowEncoder', 'fail recording-too-slow'],
    ['noStorage', 'fail storage-too-small'],
    ['untoldStorage', 'unknown storage-untold'],
    ['privateWindow', 'warn recording-private-window'],
  ] as const)('[CHK-09] %s: %s', async (name, expected) => {
    const probe = recordingProbe(devicesOf(name))
    probe.start()
    expect(said('recording', { recording: await probe.result })).toBe(expected)
  })
})
