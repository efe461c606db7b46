import { describe, expect, it } from 'vitest'
import type { Measurements } from './measurements.ts'
import { defaultPolicy } from './policies.ts'
import type { EquipmentPolicy } from './policy.ts'
import { isObjected, type ReadingName, type Verdict } from './reading.ts'
import { soundMachine } from './soundMachine.ts'
import { judgeEquipment } from './verdict.ts'

const { browser, system, camera, microphone, bandwidth, connection, conditions, recording } = soundMachine

/** Every figure a policy sets a limit by: « camera.minWidth ». The days of a pass belong to reports, not to a machine. */
type Figures<Part> = {
  [Key in keyof Part & string]: Part[Key] extends number ? Key : never
}[keyof Part & string]
type Grouped = {
  [
    Group in keyof EquipmentPolicy as EquipmentPolicy[Group] extends readonly unknown[] ? never : Group
  ]: EquipmentPolicy[Group]
}
type Threshold =
  | { [Group in keyof Grouped]: `${Group}.${Figures<Grouped[Group]>}` }[keyof Grouped]
  | 'browsers.minimumMajor'
  | 'systems.minimumVersion'

interface Row {
  readonly reading: ReadingName
  readonly at: number
  /** A machine that measures so much, and is sound otherwise. */
  readonly measuring: (value: number) => Partial<Measurements>
  /** The smallest difference that is looked at. */
  readonly step: number
  /** Verdicts just under the limit, at it, and just over it. */
  readonly verdicts: readonly [under: Verdict, at: Verdict, over: Verdict]
}

const least: Row['verdicts'] = ['fail', 'pass', 'pass']
const most: Row['verdicts'] = ['pass', 'pass', 'warn']
const policy = defaultPolicy

/** A new figure of the policy does not compile until it has a row. */
const rows: { readonly [threshold in Threshold]: Row } = {
  'systems.minimumVersion': {
    reading: 'system-name',
    at: 10,
    measuring: (value) => ({ system: { ...system, version: value.toFixed(1) } }),
    step: 0.1,
    verdicts: least,
  },
  'browsers.minimumMajor': {
    reading: 'browser-name',
    at: policy.browsers[0]!.minimumMajor,
    measuring: (major) => ({ browser: { ...browser, major } }),
    step: 1,
    verdicts: least,
  },
  'camera.minWidth': {
    reading: 'camera-size',
    at: policy.camera.minWidth,
    measuring: (width) => ({ camera: { ...camera, width } }),
    step: 1,
    verdicts: least,
  },
  'camera.minHeight': {
    reading: 'camera-size',
    at: policy.camera.minHeight,
    measuring: (height) => ({ camera: { ...camera, height } }),
    step: 1,
    verdicts: least,
  },
  'camera.minFramesPerSecond': {
    reading: 'camera-rate',
    at: policy.camera.minFramesPerSecond,
    measuring: (framesPerSecond) => ({ camera: { ...camera, framesPerSecond } }),
    step: 0.01,
    verdicts: least,
  },
  'camera.blackBelowLuma': {
    reading: 'camera-light',
    at: policy.camera.blackBelowLuma,
    measuring: (meanLuma) => ({ camera: { ...camera, meanLuma } }),
    step: 0.01,
    verdicts: ['fail', 'warn', 'warn'],
  },
  'camera.darkBelowLuma': {
    reading: 'camera-light',
    at: policy.camera.darkBelowLuma,
    measuring: (meanLuma) => ({ camera: { ...camera, meanLuma } }),
    step: 0.01,
    verdicts: ['warn', 'pass', 'pass'],
  },
  'camera.glareAboveLuma': {
    reading: 'camera-glare',
    at: policy.camera.glareAboveLuma,
    measuring: (meanLuma) => ({ camera: { ...camera, meanLuma } }),
    step: 0.01,
    verdicts: most,
  },
  'camera.minFrameDifference': {
    reading: 'camera-motion',
    at: policy.camera.minFrameDifference,
    measuring: (frameDifference) => ({ camera: { ...camera, frameDifference } }),
    step: 0.001,
    // A living picture changes by more than this: as much is still frozen.
    verdicts: ['fail', 'fail', 'pass'],
  },
  'microphone.minSpeechDbfs': {
    reading: 'microphone-level',
    at: policy.microphone.minSpeechDbfs,
    measuring: (speechDbfs) => ({ microphone: { ...microphone, speechDbfs } }),
    step: 0.01,
    verdicts: least,
  },
  'microphone.silentBelowDbfs': {
    reading: 'microphone-level',
    at: policy.microphone.silentBelowDbfs,
    measuring: (speechDbfs) => ({ microphone: { ...microphone, speechDbfs } }),
    step: 0.01,
    verdicts: ['fail', 'fail', 'fail'],
  },
  'microphone.minOverNoiseDb': {
    reading: 'microphone-over-noise',
    at: policy.microphone.minOverNoiseDb,
    measuring: (over) => ({ microphone: { ...microphone, speechDbfs: 0, noiseDbfs: -over } }),
    step: 0.01,
    verdicts: least,
  },
  'microphone.maxClippedShare': {
    reading: 'microphone-clipping',
    at: policy.microphone.maxClippedShare,
    measuring: (clippedShare) => ({ microphone: { ...microphone, clippedShare } }),
    step: 0.0001,
    verdicts: most,
  },
  'bandwidth.minDownKbps': {
    reading: 'bandwidth-down',
    at: policy.bandwidth.minDownKbps,
    measuring: (downKbps) => ({ bandwidth: { ...bandwidth, downKbps } }),
    step: 1,
    verdicts: least,
  },
  'bandwidth.minUpKbps': {
    reading: 'bandwidth-up',
    at: policy.bandwidth.minUpKbps,
    measuring: (upKbps) => ({ bandwidth: { ...bandwidth, upKbps } }),
    step: 1,
    verdicts: least,
  },
  'bandwidth.maxRoundTripMs': {
    reading: 'bandwidth-round-trip',
    at: policy.bandwidth.maxRoundTripMs,
    measuring: (roundTripMs) => ({ bandwidth: { ...bandwidth, roundTripMs } }),
    step: 1,
    verdicts: most,
  },
  'bandwidth.maxJitterMs': {
    reading: 'bandwidth-jitter',
    at: policy.bandwidth.maxJitterMs,
    measuring: (jitterMs) => ({ bandwidth: { ...bandwidth, jitterMs } }),
    step: 1,
    verdicts: most,
  },
  'connection.maxLossShare': {
    reading: 'connection-loss',
    at: policy.connection.maxLossShare,
    measuring: (lossShare) => ({ connection: { ...connection, lossShare } }),
    step: 0.001,
    verdicts: most,
  },
  'conditions.minScreenWidth': {
    reading: 'conditions-screen',
    at: policy.conditions.minScreenWidth,
    measuring: (screenWidth) => ({ conditions: { ...conditions, screenWidth } }),
    step: 1,
    verdicts: ['warn', 'pass', 'pass'],
  },
  'conditions.minScreenHeight': {
    reading: 'conditions-screen',
    at: policy.conditions.minScreenHeight,
    measuring: (screenHeight) => ({ conditions: { ...conditions, screenHeight } }),
    step: 1,
    verdicts: ['warn', 'pass', 'pass'],
  },
  'conditions.maxClockSkewSeconds': {
    reading: 'conditions-clock',
    at: policy.conditions.maxClockSkewSeconds,
    measuring: (seconds) => ({ conditions: { ...conditions, clockAheadMs: seconds * -1_000 } }),
    step: 0.001,
    verdicts: most,
  },
  'recording.minSpeed': {
    reading: 'recording-speed',
    at: policy.recording.minSpeed,
    measuring: (speed) => ({ recording: { ...recording, mediaMs: speed * 2_000, encodeMs: 2_000 } }),
    step: 0.001,
    // As fast as the pictures come is not enough: nothing would be left for the exam.
    verdicts: ['fail', 'fail', 'pass'],
  },
  'recording.minStorageBytes': {
    reading: 'recording-storage',
    at: policy.recording.minStorageBytes,
    measuring: (storageBytes) => ({ recording: { ...recording, storageBytes } }),
    step: 1,
    verdicts: least,
  },
}

describe('[CHK-02] every threshold of a policy: just under it, at it, just over it', () => {
  it.each(Object.entries(rows))('[CHK-02] %s', (_threshold, { reading, at, measuring, step, verdicts }) => {
    const verdict = (value: number) =>
      judgeEquipment({ ...soundMachine, ...measuring(value) }, policy)
        .items.flatMap(({ readings }) => readings)
        .find(({ name }) => name === reading)?.verdict
    expect([at - step, at, at + step].map(verdict)).toEqual(verdicts)
  })

  it('[CHK-05] the limit of silence separates two remedies, not two verdicts', () => {
    const { silentBelowDbfs: at } = policy.microphone
    const cause = (speechDbfs: number) =>
      judgeEquipment({ ...soundMachine, microphone: { ...microphone, speechDbfs } }, policy)
        .items.flatMap(({ readings }) => readings)
        .flatMap((one) => (isObjected(one) ? [one.cause] : []))
    expect(cause(at - 0.01)).toEqual(['microphone-silent'])
    expect(cause(at)).toEqual(['microphone-too-quiet'])
  })
})
