import { describe, expect, it } from 'vitest'
import { scripts } from '../fakes/script.ts'
import { scriptedDevices } from '../fakes/scriptedDevices.ts'
import { NO_MEASUREMENTS } from '../verdict/measurements.ts'
import { defaultPolicy } from '../verdict/policies.ts'
import { judgeItem } from '../verdict/verdict.ts'
import { cameraProbe } from './camera.ts'
import { microphoneProbe } from './microphone.ts'
import { shareProbe } from './share.ts'

type ScriptName = keyof typeof scripts
const { minSpeechDbfs: speechDbfs, minOverNoiseDb: overNoiseDb } = defaultPolicy.microphone
const enough = { speechDbfs, overNoiseDb }

function camera(name: ScriptName) {
  const devices = scriptedDevices(scripts[name])
  const probe = cameraProbe(devices, { deviceId: null })
  probe.start()
  return { devices, probe }
}
function microphone(name: ScriptName) {
  const devices = scriptedDevices(scripts[name])
  const probe = microphoneProbe(devices, { deviceId: null, enough })
  probe.start()
  return { devices, probe }
}
function share(name: ScriptName) {
  const devices = scriptedDevices(scripts[name])
  const probe = shareProbe(devices)
  probe.start()
  return { devices, probe }
}

describe('[CHK-04] camera probe', () => {
  it.each([
    ['sound', 'pass'],
    ['blackCamera', 'camera-black'],
    ['frozenCamera', 'camera-frozen'],
    ['smallCamera', 'camera-too-small'],
    ['slowCamera', 'camera-too-slow'],
    ['refusedCamera', 'camera-refused'],
    ['busyCamera', 'camera-busy'],
    ['unpluggedCamera', 'camera-unplugged'],
    ['virtualCamera', 'camera-virtual'],
  ] as const)('[CHK-04] %s: %s', async (script, expected) => {
    const measured = await camera(script).probe.result
    const { deciding } = judgeItem('camera', { ...NO_MEASUREMENTS, camera: measured }, defaultPolicy)
    expect(deciding.verdict === 'pass' ? 'pass' : deciding.cause).toBe(expected)
  })

  it('[CHK-04] measures what the frames are, not what was asked for', async () => {
    const measured = await camera('smallCamera').probe.result
    expect(measured).toMatchObject({
      outcome: 'measured',
      width: 320,
      height: 240,
      label: 'Integrated Webcam',
    })
    if (measured.outcome === 'measured') expect(measured.framesPerSecond).toBeCloseTo(15, 0)
  })

  it('[CHK-04] counts a picture that stops half-way as slow', async () => {
    const stalled = scripts.sound.camera
    const devices = scriptedDevices(scripts.sound)
    const probe = cameraProbe(
      {
        ...devices,
        openCamera: async (deviceId) => {
          const answer = await devices.openCamera(deviceId)
          if (!answer.ok) return answer
          const onFrame: typeof answer.value.onFrame = (listener) =>
            answer.value.onFrame((frame) => {
              if (frame.at < 1500) listener(frame)
            })
          return { ...answer, value: { ...answer.value, onFrame } }
        },
      },
      { deviceId: null },
    )
    probe.start()
    const measured = await probe.result
    if (measured.outcome === 'failed') throw new Error(measured.failure)
    expect(measured.framesPerSecond).toBeLessThan(stalled.framesPerSecond / 2)
  })

  it('[CHK-02] draws live values with a progress that only grows', async () => {
    const { probe } = camera('sound')
    const seen: number[] = []
    probe.onValue((live) => seen.push(live.progress))
    await probe.result
    expect(seen.length).toBeGreaterThan(30)
    expect(seen).toEqual(seen.toSorted((left, right) => left - right))
    expect(seen.at(-1)).toBeGreaterThan(0.95)
  })
})

describe('[CHK-05] microphone probe', () => {
  it.each([
    ['sound', 'pass'],
    ['silentMicrophone', 'microphone-silent'],
    ['speechlessMicrophone', 'microphone-too-quiet'],
    ['noisyMicrophone', 'microphone-in-noise'],
    ['unpluggedMicrophone', 'microphone-unplugged'],
  ] as const)('[CHK-05] %s: %s', async (script, expected) => {
    const measured = await microphone(script).probe.result
    const { deciding } = judgeItem('microphone', { ...NO_MEASUREMENTS, microphone: measured }, defaultPolicy)
    expect(deciding.verdict === 'pass' ? 'pass' : deciding.cause).toBe(expected)
  })

  it('[CHK-05] ends as soon as the voice is clear, waits for who is still being read what to do, not for a muted one', async () => {
    const observed = async (script: 'sound' | 'speechlessMicrophone' | 'silentMicrophone') => {
      const measured = await microphone(script).probe.result
      if (measured.outcome === 'failed') throw new Error('not measured')
      return measured.observedMs
    }
    expect(await observed('sound')).toBeLessThan(3_000)
    expect(await observed('speechlessMicrophone')).toBe(20_000)
    expect(await observed('silentMicrophone')).toBeLessThan(10_100)
  })
})

describe('[CHK-08] share probe', () => {
  it.each([
    ['sound', 'pass'],
    ['sharedWindow', 'share-window'],
    ['sharedTab', 'share-tab'],
    ['refusedSharing', 'share-refused'],
  ] as const)('[CHK-08] %s: %s', async (script, expected) => {
    const measured = await share(script).probe.result
    const { deciding } = judgeItem('share', { ...NO_MEASUREMENTS, share: measured }, defaultPolicy)
    expect(deciding.verdict === 'pass' ? 'pass' : deciding.cause).toBe(expected)
  })
})

describe('[CHK-01] devices are given back', () => {
  it.each([camera, microphone, share])(
    '[CHK-01] %o: a measured stream lives on until it is stopped',
    async (open) => {
      const { devices, probe } = open('sound')
      await probe.result
      expect(devices.streams.map((stream) => stream.closed)).toEqual([false])
      probe.stop()
      probe.stop()
      expect(devices.streams.map((stream) => stream.closed)).toEqual([true])
      expect(probe.keep()).toBeNull()
    },
  )

  it.each([camera, microphone, share])(
    '[CHK-01] %o: a stream that is kept outlives the probe',
    async (open) => {
      const { devices, probe } = open('sound')
      await probe.result
      expect(probe.keep()).toBe(devices.streams[0])
      probe.stop()
      expect(devices.streams.map((stream) => stream.closed)).toEqual([false])
    },
  )

  it.each(['sharedWindow', 'sharedTab', 'untoldSharing'] as const)(
    '[CHK-08][CHK-01] %s is captured no longer than it takes to see what it is',
    async (script) => {
      const { devices, probe } = share(script)
      await probe.result
      expect(devices.streams.map((stream) => stream.closed)).toEqual([true])
      expect(probe.keep()).toBeNull()
    },
  )

  it('[CHK-01] a device that failed is closed at once', async () => {
    const { devices, probe } = camera('unpluggedCamera')
    expect(await probe.result).toEqual({ outcome: 'failed', failure: 'unplugged' })
    expect(devices.streams.map((stream) => stream.closed)).toEqual([true])
  })

  it('[CHK-01] stopping while measuring gives it back and says so', async () => {
    const { devices, probe } = camera('sound')
    probe.onValue(() => probe.stop())
    expect(await probe.result).toEqual({ outcome: 'failed', failure: 'interrupted' })
    expect(devices.streams.map((stream) => stream.closed)).toEqual([true])
  })

  it('[CHK-01] stopping while the permission is asked closes what is granted afterwards', async () => {
    const { devices, probe } = camera('sound')
    probe.stop()
    expect(await probe.result).toEqual({ outcome: 'failed', failure: 'interrupted' })
    await new Promise<void>((resolve) => devices.time.at(0, resolve))
    expect(devices.streams.every((stream) => stream.closed)).toBe(true)
  })

  it('[CHK-01] starting twice opens one device', async () => {
    const { devices, probe } = camera('sound')
    probe.start()
    await probe.result
    expect(devices.streams).toHaveLength(1)
  })
})
