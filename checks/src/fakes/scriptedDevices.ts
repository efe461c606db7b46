import { ok, refuse } from '@vigie/kernel/result'
import type { Devices, FrameSample, LevelSample, TrialLive } from '../probes/devices.ts'
import type { DeviceScript } from './script.ts'
import { scriptedLine } from './scriptedLine.ts'
import { type ScriptedTime, createScriptedTime } from './scriptedTime.ts'

/** Stands for a MediaStream where there is no browser: it only knows whether it was closed. */
export type ScriptedStream = { readonly of: 'camera' | 'microphone' | 'screen'; closed: boolean }

export type ScriptedDevices = Devices<ScriptedStream> & {
  /** Every stream ever opened, so that a test can see what was released. */
  readonly streams: readonly ScriptedStream[]
  readonly time: ScriptedTime
}

const LEVEL_EVERY_MS = 40
/** Out of ten moments of reading, so many are the pauses between words. */
const PAUSES_IN_TEN = 3
const TRIAL_STAGE_MS = 1200

/** Devices that follow a script, on a clock that never makes anybody wait. */
export function scriptedDevices(script: DeviceScript): ScriptedDevices {
  const time = createScriptedTime()
  const streams: ScriptedStream[] = []
  const open = (of: ScriptedStream['of']) => {
    const stream: ScriptedStream = { of, closed: false }
    streams.push(stream)
    return { stream, close: () => void (stream.closed = true) }
  }
  const endedAfter = (ms: number | null) => (listener: () => void) =>
    ms === null ? () => undefined : time.at(ms, listener)

  return {
    streams,
    time,
    now: time.now,
    wait: time.wait,
    pageHidden: () => script.pageHidden,
    openCamera: async (deviceId) => {
      const { camera } = script
      if (typeof camera === 'string') return refuse(camera)
      return ok({
        ...open('camera'),
        deviceId: deviceId ?? 'scripted-camera',
        label: camera.label,
        onEnded: endedAfter(camera.unpluggedAfter),
        onFrame: (listener) =>
          every(time, 1000 / camera.framesPerSecond, camera.unpluggedAfter, (count) =>
            listener(frame(time.now(), count, camera)),
          ),
      })
    },
    openMicrophone: async (deviceId) => {
      const { microphone } = script
      if (typeof microphone === 'string') return refuse(microphone)
      const { roomDbfs, voiceDbfs, clipped, unpluggedAfter, label } = microphone
      return ok({
        ...open('microphone'),
        deviceId: deviceId ?? 'scripted-microphone',
        label,
        onEnded: endedAfter(unpluggedAfter),
        onLevel: (listener: (level: LevelSample) => void) =>
          every(time, LEVEL_EVERY_MS, unpluggedAfter, (count) => {
            const speaking = voiceDbfs !== null && count % 10 >= PAUSES_IN_TEN
            listener({
              at: time.now(),
              rms: 10 ** ((speaking ? voiceDbfs : roomDbfs) / 20),
              clipped: speaking ? clipped : 0,
            })
          }),
      })
    },
    openScreen: async () => {
      const { screen, screens } = script
      if (typeof screen === 'string') return refuse(screen)
      return ok({
        ...open('screen'),
        surface: screen.surface,
        width: screens.width,
        height: screens.height,
      })
    },
    listCameras: async () =>
      typeof script.camera === 'string' ? [] : [{ deviceId: 'scripted-camera', label: script.camera.label }],
    listMicrophones: async () =>
      typeof script.microphone === 'string'
        ? []
        : [{ deviceId: 'scripted-microphone', label: script.microphone.label }],
    platform: async () => script.platform,
    screens: () => script.screens,
    siteLoaded: (signal) => time.wait(script.siteLoadsForMs ?? Number.POSITIVE_INFINITY, signal),
    ...scriptedLine(script.line, time),
    encodeTrial: async (onProgress, signal) => {
      if (typeof script.encoding === 'string') return refuse(script.encoding)
      await time.wait(script.encoding.encodeMs, signal)
      onProgress(1)
      return ok(script.encoding)
    },
    storageRoom: async () => script.storageRoom,
    privateWindow: async () => script.privateWindow,
    clockAhead: async () => script.clockAheadMs,
    surroundings: async () => script.surroundings,
    connectionTrial: async (pace, onLive, signal) => {
      if (typeof script.trial === 'string') return refuse(script.trial)
      const { udp, tcp, turn, ...account } = script.trial
      let found: TrialLive['found'] = { udp: null, tcp: null, turn: null }
      const walk = [
        ['direct', { udp }],
        ['tcp', { tcp }],
        ['turn', { turn }],
      ] as const
      for (const [stage, finds] of pace === 'quick' ? walk.slice(0, 1) : walk) {
        onLive({ stage, found })
        await time.wait(TRIAL_STAGE_MS, signal)
        found = { ...found, ...finds }
      }
      return ok(
        pace === 'quick'
          ? { ...account, udp, tcp: 'not-tried', turn: 'not-tried' }
          : { ...account, udp, tcp, turn },
      )
    },
    randomDigits: (count) => '472315'.slice(0, count),
    playDigits: async (digits, signal) => {
      if (script.loudspeaker !== 'heard') return refuse(script.loudspeaker)
      await time.wait(digits.length * 400, signal)
      return ok(undefined)
    },
  }
}

/** Something that happens again and again, until it is taken back or the device is gone. */
function every(
  time: ScriptedTime,
  ms: number,
  until: number | null,
  happen: (count: number) => void,
): () => void {
  const startedAt = time.now()
  let cancel = () => {}
  const plan = (count: number) => {
    cancel = time.at(ms, () => {
      if (until !== null && time.now() - startedAt > until) return
      plan(count + 1)
      happen(count)
    })
  }
  plan(0)
  return () => cancel()
}

/** A picture of one brightness with a little noise on it; frozen, the noise never changes. */
function frame(at: number, count: number, camera: Exclude<DeviceScript['camera'], string>): FrameSample {
  const turn = camera.picture === 'living' ? count : 0
  const luma = Uint8Array.from({ length: 192 }, (_, index) => {
    const noise = ((index * 31 + turn * 17) % 5) - 2
    return Math.max(0, Math.min(255, camera.luma + noise))
  })
  return { at, width: camera.width, height: camera.height, presented: count, luma }
}
