import { describe, expect, it } from 'vitest'
import {
  type CameraMeasured,
  DEVICE_FAILURES,
  type Measurements,
  type MicrophoneMeasured,
  RECORDING_FAILURES,
  TRANSFER_FAILURES,
} from '../measurements.ts'
import { defaultPolicy } from '../policies.ts'
import { isObjected, type ReadingName } from '../reading.ts'
import { soundMachine } from '../soundMachine.ts'
import { judgeEquipment } from '../verdict.ts'

/** The verdict of one reading, with its cause where it is no pass. */
function read(changed: Partial<Measurements>, name: ReadingName): string {
  const sheet = judgeEquipment({ ...soundMachine, ...changed }, defaultPolicy)
  const found = sheet.items.flatMap((line) => line.readings).find((one) => one.name === name)
  if (found === undefined) throw new Error(`no reading ${name}`)
  return isObjected(found) ? `${found.verdict} ${found.cause}` : found.verdict
}

const camera = (changed: Partial<CameraMeasured>) => ({ camera: { ...soundMachine.camera, ...changed } })
const microphone = (changed: Partial<MicrophoneMeasured>) => ({
  microphone: { ...soundMachine.microphone, ...changed },
})

describe('[CHK-04] camera', () => {
  it.each([
    [640, 480, 'pass'],
    [641, 481, 'pass'],
    [639, 480, 'fail camera-too-small'],
    [640, 479, 'fail camera-too-small'],
    [480, 640, 'fail camera-too-small'],
    [320, 240, 'fail camera-too-small'],
  ])('[CHK-04] frames of %i×%i: %s', (width, height, expected) => {
    expect(read(camera({ width, height }), 'camera-size')).toBe(expected)
  })

  it.each([
    [10.1, 'pass'],
    [10, 'pass'],
    [9.9, 'fail camera-too-slow'],
    [0, 'fail camera-too-slow'],
  ])('[CHK-04] %d frames per second: %s', (framesPerSecond, expected) => {
    expect(read(camera({ framesPerSecond }), 'camera-rate')).toBe(expected)
  })

  it.each([
    [0, 'fail camera-black'],
    [9.9, 'fail camera-black'],
    [10, 'warn camera-dark'],
    [44.9, 'warn camera-dark'],
    [45, 'pass'],
    [225.1, 'pass'],
  ])('[CHK-04] a mean brightness of %d: %s', (meanLuma, expected) => {
    expect(read(camera({ meanLuma }), 'camera-light')).toBe(expected)
  })

  it.each([
    [0, 'pass'],
    [225, 'pass'],
    [225.1, 'warn camera-glare'],
  ])('[CHK-04][CHK-02] a mean brightness of %d against the most: %s', (meanLuma, expected) => {
    expect(read(camera({ meanLuma }), 'camera-glare')).toBe(expected)
  })

  it.each([
    [0, 'fail camera-frozen'],
    [0.05, 'fail camera-frozen'],
    [0.051, 'pass'],
  ])('[CHK-04] frames that differ by %d: %s', (frameDifference, expected) => {
    expect(read(camera({ frameDifference }), 'camera-motion')).toBe(expected)
  })

  it('[CHK-04] does not blame the camera for frames a hidden page never got', () => {
    const hidden = camera({ pageHidden: true, framesPerSecond: 2, frameDifference: 0 })
    expect(read(hidden, 'camera-rate')).toBe('unknown page-hidden')
    expect(read(hidden, 'camera-motion')).toBe('unknown page-hidden')
    expect(read(camera({ pageHidden: true }), 'camera-rate')).toBe('pass')
  })

  it.each([
    ['OBS Virtual Camera', 'warn camera-virtual'],
    ['Snap Camera', 'warn camera-virtual'],
    ['Dummy video device (0x0000)', 'warn camera-virtual'],
    ['Logitech HD Webcam C270 (046d:0825)', 'pass'],
    ['Jobson integrated', 'pass'],
    ['', 'pass'],
  ])('[CHK-04] a camera called « %s »: %s', (label, expected) => {
    expect(read(camera({ label }), 'camera-origin')).toBe(expected)
  })
})

describe('[CHK-05] microphone', () => {
  it.each([
    [-50, 'pass'],
    [-49.9, 'pass'],
    [-50.1, 'fail microphone-too-quiet'],
    [-80, 'fail microphone-too-quiet'],
    [-80.1, 'fail microphone-silent'],
    [-100, 'fail microphone-silent'],
  ])('[CHK-05] a voice of %d dBFS: %s', (speechDbfs, expected) => {
    expect(read(microphone({ speechDbfs, noiseDbfs: -100 }), 'microphone-level')).toBe(expected)
  })

  it.each([
    [-35, 'pass'],
    [-35.1, 'pass'],
    [-34.9, 'fail microphone-in-noise'],
  ])('[CHK-05] a voice of -25 dBFS over a noise of %d: %s', (noiseDbfs, expected) => {
    expect(read(microphone({ speechDbfs: -25, noiseDbfs }), 'microphone-over-noise')).toBe(expected)
  })
})

describe('[CHK-06] bandwidth', () => {
  const line = (changed: object) => ({ bandwidth: { ...soundMachine.bandwidth, ...changed } })
  it.each([
    [768, 'pass'],
    [768.1, 'pass'],
    [767.9, 'fail bandwidth-down-too-low'],
  ])('[CHK-06] %d kbit/s down: %s', (downKbps, expected) => {
    expect(read(line({ downKbps }), 'bandwidth-down')).toBe(expected)
  })
  it.each([
    [384, 'pass'],
    [384.1, 'pass'],
    [383.9, 'fail bandwidth-up-too-low'],
  ])('[CHK-06] %d kbit/s up: %s', (upKbps, expected) => {
    expect(read(line({ upKbps }), 'bandwidth-up')).toBe(expected)
  })
  it.each([
    [400, 'pass'],
    [399.9, 'pass'],
    [400.1, 'warn bandwidth-slow-to-answer'],
  ])('[CHK-06] %d ms of round trip: %s', (roundTripMs, expected) => {
    expect(read(line({ roundTripMs }), 'bandwidth-round-trip')).toBe(expected)
  })
  it.each([
    [100, 'pass'],
    [99.9, 'pass'],
    [100.1, 'warn bandwidth-unsteady'],
  ])('[CHK-06] %d ms of jitter: %s', (jitterMs, expected) => {
    expect(read(line({ jitterMs }), 'bandwidth-jitter')).toBe(expected)
  })
})

describe('[CHK-07] screens and [CHK-08] sharing', () => {
  it.each([
    [false, 'pass'],
    [true, 'fail screens-several'],
    [null, 'unknown screens-untold'],
  ])('[CHK-07] an extended desk %s: %s', (extended, expected) => {
    expect(read({ screens: { ...soundMachine.screens, extended } }, 'screens-count')).toBe(expected)
  })
  it.each([
    ['monitor', 'pass'],
    ['window', 'fail share-window'],
    ['browser', 'fail share-tab'],
    [null, 'fail share-untold'],
  ] as const)('[CHK-08] sharing a %s: %s', (surface, expected) => {
    expect(read({ share: { ...soundMachine.share, surface } }, 'share-surface')).toBe(expected)
  })
})

describe('[CHK-09] recording', () => {
  const trial = (changed: object) => ({ recording: { ...soundMachine.recording, ...changed } })
  it.each([
    [1999, 'pass'],
    [2000, 'fail recording-too-slow'],
    [2001, 'fail recording-too-slow'],
    [0, 'pass'],
  ])('[CHK-09] 2000 ms encoded in %i ms: %s', (encodeMs, expected) => {
    expect(read(trial({ encodeMs }), 'recording-speed')).toBe(expected)
  })
  it.each([
    [256_000_000, 'pass'],
    [256_000_001, 'pass'],
    [255_999_999, 'fail storage-too-small'],
    [null, 'unknown storage-untold'],
  ])('[CHK-09] %s bytes of room: %s', (storageBytes, expected) => {
    expect(read(trial({ storageBytes }), 'recording-storage')).toBe(expected)
  })
})

describe('[CHK-04] what failed before anything could be measured', () => {
  const asked = (failure: string) => (failure === 'interrupted' ? 'unknown not-measured' : null)
  it.each(DEVICE_FAILURES)('[CHK-04] a device that is %s has its own cause', (failure) => {
    const failed = { outcome: 'failed', failure } as const
    expect(read({ camera: failed }, 'camera-access')).toBe(asked(failure) ?? `fail camera-${failure}`)
    expect(read({ microphone: failed }, 'microphone-access')).toBe(
      asked(failure) ?? `fail microphone-${failure}`,
    )
    expect(read({ share: failed }, 'share-access')).toBe(asked(failure) ?? `fail share-${failure}`)
  })
  it.each(TRANSFER_FAILURES)('[CHK-06] a transfer that is %s has its own cause', (failure) => {
    const expected = { unreachable: 'fail bandwidth-unreachable', capped: 'unknown bandwidth-capped' }
    expect(read({ bandwidth: { outcome: 'failed', failure } }, 'bandwidth-access')).toBe(
      failure === 'interrupted' ? 'unknown not-measured' : expected[failure],
    )
  })
  it.each(RECORDING_FAILURES)('[CHK-09] a recording that is %s has its own cause', (failure) => {
    expect(read({ recording: { outcome: 'failed', failure } }, 'recording-access')).toBe(
      asked(failure) ?? `fail recording-${failure}`,
    )
  })
})
