import type {
  EncodingProblem,
  EncodingTrial,
  PlatformFacts,
  ScreenFacts,
  TransferProblem,
} from '../probes/devices.ts'
import type { DeviceFailure, DisplaySurface } from '../verdict/measurements.ts'

/** What a scripted machine does. Each part says either how it fails, or how it behaves. */
export type DeviceScript = {
  readonly camera:
    | DeviceFailure
    | {
        readonly label: string
        readonly width: number
        readonly height: number
        readonly framesPerSecond: number
        /** `living` changes from frame to frame, `frozen` never does. */
        readonly picture: 'living' | 'frozen'
        /** Mean brightness, 0 to 255. */
        readonly luma: number
        /** Milliseconds after it was opened; null: it stays. */
        readonly unpluggedAfter: number | null
      }
  readonly microphone:
    | DeviceFailure
    | {
        readonly label: string
        /** dBFS of the room and of the voice; a null voice never speaks. */
        readonly roomDbfs: number
        readonly voiceDbfs: number | null
        readonly unpluggedAfter: number | null
      }
  readonly screen: DeviceFailure | { readonly surface: DisplaySurface | null }
  readonly screens: ScreenFacts
  readonly line:
    TransferProblem | { readonly downKbps: number; readonly upKbps: number; readonly roundTripMs: number }
  readonly encoding: EncodingProblem | EncodingTrial
  readonly storageRoom: number | null
  readonly platform: PlatformFacts
  readonly pageHidden: boolean
}

const chrome = (system: string) =>
  `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36`

/** A machine that passes everything. */
export const soundScript = {
  camera: {
    label: 'Integrated Webcam',
    width: 640,
    height: 480,
    framesPerSecond: 15,
    picture: 'living',
    luma: 120,
    unpluggedAfter: null,
  },
  microphone: { label: 'Built-in microphone', roomDbfs: -60, voiceDbfs: -25, unpluggedAfter: null },
  screen: { surface: 'monitor' },
  screens: { extended: false, width: 1440, height: 900 },
  line: { downKbps: 20_000, upKbps: 5_000, roundTripMs: 30 },
  encoding: { codec: 'avc', mediaMs: 2000, encodeMs: 400, bytes: 60_000 },
  storageRoom: 5_000_000_000,
  platform: {
    userAgent: chrome('Windows NT 10.0; Win64; x64'),
    maxTouchPoints: 0,
    hints: {
      platform: 'Windows',
      platformVersion: '15.0.0',
      mobile: false,
      brands: [
        { brand: 'Not?A_Brand', version: '24.0.0.0' },
        { brand: 'Chromium', version: '156.0.6999.40' },
        { brand: 'Google Chrome', version: '156.0.6999.40' },
      ],
    },
  },
  pageHidden: false,
} as const satisfies DeviceScript

const { camera, microphone } = soundScript

/** What can be wrong with a machine, by name. Each is the sound machine with one thing changed. */
export const scripts = {
  sound: soundScript,
  blackCamera: { ...soundScript, camera: { ...camera, luma: 0 } },
  frozenCamera: { ...soundScript, camera: { ...camera, picture: 'frozen' } },
  smallCamera: { ...soundScript, camera: { ...camera, width: 320, height: 240 } },
  slowCamera: { ...soundScript, camera: { ...camera, framesPerSecond: 5 } },
  refusedCamera: { ...soundScript, camera: 'refused' },
  busyCamera: { ...soundScript, camera: 'busy' },
  unpluggedCamera: { ...soundScript, camera: { ...camera, unpluggedAfter: 1800 } },
  virtualCamera: { ...soundScript, camera: { ...camera, label: 'OBS Virtual Camera' } },
  silentMicrophone: { ...soundScript, microphone: { ...microphone, roomDbfs: -100, voiceDbfs: null } },
  speechlessMicrophone: { ...soundScript, microphone: { ...microphone, voiceDbfs: null } },
  noisyMicrophone: { ...soundScript, microphone: { ...microphone, roomDbfs: -30 } },
  unpluggedMicrophone: { ...soundScript, microphone: { ...microphone, unpluggedAfter: 1000 } },
  sharedWindow: { ...soundScript, screen: { surface: 'window' } },
  sharedTab: { ...soundScript, screen: { surface: 'browser' } },
  refusedSharing: { ...soundScript, screen: 'refused' },
  secondScreen: { ...soundScript, screens: { ...soundScript.screens, extended: true } },
  slowLine: { ...soundScript, line: { downKbps: 500, upKbps: 200, roundTripMs: 80 } },
  cutLine: { ...soundScript, line: 'unreachable' },
  cappedLine: { ...soundScript, line: 'capped' },
  slowEncoder: { ...soundScript, encoding: { ...soundScript.encoding, encodeMs: 2600 } },
  noStorage: { ...soundScript, storageRoom: 1_000_000 },
} as const satisfies Record<string, DeviceScript>
