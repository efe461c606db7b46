import type {
  EncodingProblem,
  EncodingTrial,
  LoudspeakerProblem,
  PlatformFacts,
  ScreenFacts,
  Surroundings,
  TransferProblem,
  TrialProblem,
} from '../probes/devices.ts'
import type { ConnectionMeasured, DeviceFailure, DisplaySurface } from '../verdict/measurements.ts'
import type { LineScript } from './scriptedLine.ts'

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
        /** Share of the voice's samples at full scale. */
        readonly clipped: number
        readonly unpluggedAfter: number | null
      }
  readonly screen: DeviceFailure | { readonly surface: DisplaySurface | null }
  readonly screens: ScreenFacts
  readonly line: TransferProblem | LineScript
  /** How long the site itself still loads in the background; null: for ever. */
  readonly siteLoadsForMs: number | null
  readonly encoding: EncodingProblem | EncodingTrial
  readonly storageRoom: number | null
  readonly privateWindow: boolean | null
  readonly trial: TrialProblem | Omit<ConnectionMeasured, 'outcome'>
  /** What the person hears of the digits: all, or something else. */
  readonly loudspeaker: LoudspeakerProblem | 'heard'
  readonly surroundings: Surroundings
  readonly clockAheadMs: number | null
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
  microphone: {
    label: 'Built-in microphone',
    roomDbfs: -60,
    voiceDbfs: -25,
    clipped: 0,
    unpluggedAfter: null,
  },
  screen: { surface: 'monitor' },
  screens: { extended: false, width: 1440, height: 900 },
  line: { downKbps: 20_000, upKbps: 5_000, roundTripMs: 30 },
  siteLoadsForMs: 0,
  encoding: { codec: 'avc', mediaMs: 2000, encodeMs: 400, bytes: 60_000 },
  storageRoom: 5_000_000_000,
  privateWindow: false,
  trial: { udp: 'connected', tcp: 'connected', turn: 'connected', lossShare: 0, roundTripMs: 25 },
  loudspeaker: 'heard',
  surroundings: { battery: { charging: true, share: 0.8 }, renderer: 'ANGLE (Intel)', network: null },
  clockAheadMs: 200,
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

const { camera, microphone, trial, surroundings } = soundScript

const machine = (userAgent: string, maxTouchPoints = 0): PlatformFacts => ({
  userAgent,
  maxTouchPoints,
  hints: null,
})

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
  untoldSharing: { ...soundScript, screen: { surface: null } },
  refusedSharing: { ...soundScript, screen: 'refused' },
  secondScreen: { ...soundScript, screens: { ...soundScript.screens, extended: true } },
  slowLine: { ...soundScript, line: { downKbps: 500, upKbps: 200, roundTripMs: 80 } },
  cutLine: { ...soundScript, line: 'unreachable' },
  cappedLine: { ...soundScript, line: 'capped' },
  slowEncoder: { ...soundScript, encoding: { ...soundScript.encoding, encodeMs: 2600 } },
  clippedMicrophone: { ...soundScript, microphone: { ...microphone, voiceDbfs: -2, clipped: 0.2 } },
  noStorage: { ...soundScript, storageRoom: 1_000_000 },
  untoldStorage: { ...soundScript, storageRoom: null },
  privateWindow: { ...soundScript, privateWindow: true },
  lossyLine: { ...soundScript, trial: { ...trial, lossShare: 0.12 } },
  blockedUdp: { ...soundScript, trial: { ...trial, udp: 'failed' } },
  relayOnly: { ...soundScript, trial: { ...trial, udp: 'failed', tcp: 'failed' } },
  blockedMedia: { ...soundScript, trial: { ...trial, udp: 'failed', tcp: 'failed', turn: 'failed' } },
  noLiveService: { ...soundScript, trial: 'not-offered' },
  muteLoudspeaker: { ...soundScript, loudspeaker: 'failed' },
  smallScreen: { ...soundScript, screens: { extended: false, width: 1000, height: 600 } },
  onBattery: { ...soundScript, surroundings: { ...surroundings, battery: { charging: false, share: 0.4 } } },
  remoteDesktop: {
    ...soundScript,
    surroundings: { ...surroundings, renderer: 'ANGLE (Microsoft, Microsoft Basic Render Driver)' },
  },
  behindVpn: { ...soundScript, surroundings: { ...surroundings, network: 'other' } },
  wrongClock: { ...soundScript, clockAheadMs: -3_600_000 },
  hiddenPage: { ...soundScript, pageHidden: true },
  oldBrowser: {
    ...soundScript,
    platform: machine(chrome('Windows NT 10.0; Win64; x64').replace('156', '120')),
  },
  phone: {
    ...soundScript,
    platform: machine(
      'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36',
      5,
    ),
  },
  firefox: {
    ...soundScript,
    platform: machine('Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0'),
  },
  linux: { ...soundScript, platform: machine(chrome('X11; Linux x86_64')) },
  windowsXp: {
    ...soundScript,
    platform: machine(
      'Mozilla/5.0 (Windows NT 5.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/49.0.2623.112 Safari/537.36',
    ),
  },
} as const satisfies Record<string, DeviceScript>
