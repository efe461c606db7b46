import { describe, expect, it } from 'vitest'
import { CAUSES, type Cause, remedyOf } from './causes.ts'
import type { DeviceFailure, Measurements } from './measurements.ts'
import { defaultPolicy } from './policies.ts'
import { isObjected } from './reading.ts'
import { soundMachine } from './soundMachine.ts'
import { judgeEquipment } from './verdict.ts'

const { system, browser, camera, microphone, bandwidth, connection, recording, conditions } = soundMachine
const failed = <Failure extends string>(failure: Failure) => ({ outcome: 'failed', failure }) as const

type DeviceCause<Device extends string> = `${Device}-${Exclude<DeviceFailure, 'interrupted'>}`
const DEVICE_CAUSES = [
  'refused',
  'dismissed',
  'blocked-by-system',
  'busy',
  'absent',
  'unplugged',
  'unsupported',
  'failed',
] as const satisfies readonly DeviceFailure[]

/** Each way in which a device gives nothing. */
const devices = <Device extends 'camera' | 'microphone' | 'share'>(device: Device) =>
  Object.fromEntries(
    DEVICE_CAUSES.map((failure): [string, Partial<Measurements>] => [
      `${device}-${failure}`,
      { [device]: failed(failure) },
    ]),
  ) as Record<DeviceCause<Device>, Partial<Measurements>>

/** For each cause a machine that has it, and is sound otherwise. A new cause does not compile until it has one. */
const machineWith: { readonly [cause in Cause]: Partial<Measurements> } = {
  ...devices('camera'),
  ...devices('microphone'),
  ...devices('share'),
  'not-measured': { screens: null },
  'page-hidden': { camera: { ...camera, framesPerSecond: 1, pageHidden: true } },
  'system-refused': { system: { ...system, family: 'linux', version: null } },
  'system-too-old': { system: { ...system, version: '5.1' } },
  'system-version-untold': { system: { ...system, family: 'macos', version: null } },
  'system-mobile': { system: { ...system, formFactor: 'phone' } },
  'system-unrecognised': { system: { ...system, family: 'other' } },
  'browser-refused': { browser: { ...browser, family: 'firefox' } },
  'browser-too-old': { browser: { ...browser, major: 100 } },
  'browser-version-untold': { browser: { ...browser, major: null } },
  'browser-unrecognised': { browser: { ...browser, family: 'other' } },
  'camera-too-small': { camera: { ...camera, width: 320, height: 240 } },
  'camera-too-slow': { camera: { ...camera, framesPerSecond: 3 } },
  'camera-black': { camera: { ...camera, meanLuma: 0, frameDifference: 0 } },
  'camera-frozen': { camera: { ...camera, frameDifference: 0 } },
  'camera-dark': { camera: { ...camera, meanLuma: 30 } },
  'camera-glare': { camera: { ...camera, meanLuma: 250 } },
  'camera-virtual': { camera: { ...camera, label: 'OBS Virtual Camera' } },
  'microphone-silent': { microphone: { ...microphone, speechDbfs: -100, noiseDbfs: -100 } },
  'microphone-too-quiet': { microphone: { ...microphone, speechDbfs: -60, noiseDbfs: -60 } },
  'microphone-in-noise': { microphone: { ...microphone, noiseDbfs: -26 } },
  'microphone-clipped': { microphone: { ...microphone, clippedShare: 0.5 } },
  'bandwidth-down-too-low': { bandwidth: { ...bandwidth, downKbps: 100 } },
  'bandwidth-up-too-low': { bandwidth: { ...bandwidth, upKbps: 100 } },
  'bandwidth-slow-to-answer': { bandwidth: { ...bandwidth, roundTripMs: 2_000 } },
  'bandwidth-unsteady': { bandwidth: { ...bandwidth, jitterMs: 2_000 } },
  'bandwidth-unreachable': { bandwidth: failed('unreachable') },
  'bandwidth-capped': { bandwidth: failed('capped') },
  'connection-blocked': { connection: { ...connection, udp: 'failed', tcp: 'failed', turn: 'failed' } },
  'connection-udp-blocked': { connection: { ...connection, udp: 'failed' } },
  'connection-relay-only': { connection: { ...connection, udp: 'failed', tcp: 'not-offered' } },
  'connection-tcp-blocked': { connection: { ...connection, udp: 'failed', tcp: 'failed' } },
  'connection-not-offered': { connection: failed('not-offered') },
  'connection-lossy': { connection: { ...connection, lossShare: 0.5 } },
  'connection-loss-untold': { connection: { ...connection, lossShare: null } },
  'connection-unreachable': { connection: failed('unreachable') },
  'connection-unsupported': { connection: failed('unsupported') },
  'connection-capped': { connection: failed('capped') },
  'loudspeaker-not-heard': { loudspeaker: { outcome: 'answered', played: '123', typed: '321' } },
  'loudspeaker-unsupported': { loudspeaker: failed('unsupported') },
  'loudspeaker-failed': { loudspeaker: failed('failed') },
  'conditions-screen-small': { conditions: { ...conditions, screenWidth: 800 } },
  'conditions-on-battery': { conditions: { ...conditions, battery: { charging: false, share: 0.5 } } },
  'conditions-clock-wrong': { conditions: { ...conditions, clockAheadMs: 3_600_000 } },
  'conditions-remote-desktop': { conditions: { ...conditions, remoteDesktop: true } },
  'conditions-vpn': { conditions: { ...conditions, vpn: true } },
  'recording-private-window': { recording: { ...recording, privateWindow: true } },
  'screens-several': { screens: { ...soundMachine.screens, extended: true } },
  'screens-untold': { screens: { ...soundMachine.screens, extended: null } },
  'share-window': { share: { ...soundMachine.share, surface: 'window' } },
  'share-tab': { share: { ...soundMachine.share, surface: 'browser' } },
  'share-untold': { share: { ...soundMachine.share, surface: null } },
  'recording-too-slow': { recording: { ...recording, encodeMs: 9_000 } },
  'recording-unsupported': { recording: failed('unsupported') },
  'recording-failed': { recording: failed('failed') },
  'storage-too-small': { recording: { ...recording, storageBytes: 1 } },
  'storage-untold': { recording: { ...recording, storageBytes: null } },
}

describe('[CHK-02] every cause a sheet can name', () => {
  it.each(CAUSES)(
    '[CHK-02] %s: a machine has it, is told its remedy, and passes no further than it should',
    (cause) => {
      const sheet = judgeEquipment({ ...soundMachine, ...machineWith[cause] }, defaultPolicy)
      const objections = sheet.items
        .flatMap(({ readings }) => readings)
        .flatMap((one) => (isObjected(one) ? [one] : []))
      expect(objections.map((one) => one.cause)).toContain(cause)
      expect(objections.find((one) => one.cause === cause)?.remedy).toBe(remedyOf[cause])
      expect(sheet.overall).not.toBe('pass')
    },
  )

  it('[CHK-04] a covered lens is one objection, not also a frozen picture', () => {
    expect(causesOf(machineWith['camera-black'])).toEqual(['camera-black'])
  })

  it('[CHK-05] a muted microphone is one objection, not also a noisy room', () => {
    expect(causesOf(machineWith['microphone-silent'])).toEqual(['microphone-silent'])
    expect(causesOf(machineWith['microphone-too-quiet'])).toEqual(['microphone-too-quiet'])
  })
})

function causesOf(changed: Partial<Measurements>): Cause[] {
  return judgeEquipment({ ...soundMachine, ...changed }, defaultPolicy)
    .items.flatMap(({ readings }) => readings)
    .flatMap((one) => (isObjected(one) ? [one.cause] : []))
}
