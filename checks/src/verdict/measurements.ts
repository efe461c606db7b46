/*
 * What the probes measured, and nothing they concluded. These shapes travel to the server, which judges them
 * again (CHK-11): facts only, no verdict, and no identifier of a device beyond the label its maker gave it.
 * The arrays feed both the types here and the schemas of `@vigie/contract/checks/measurements`.
 */

/** The lines of the inspection sheet, in the order they are walked through: what asks for a click comes last. */
export const CHECK_ITEMS = [
  'system',
  'browser',
  'screens',
  'conditions',
  'camera',
  'microphone',
  'bandwidth',
  'connection',
  'recording',
  'loudspeaker',
  'share',
] as const
export type CheckItem = (typeof CHECK_ITEMS)[number]

export const SYSTEM_FAMILIES = ['windows', 'macos', 'chromeos', 'linux', 'android', 'ios', 'other'] as const
export type SystemFamily = (typeof SYSTEM_FAMILIES)[number]

export const FORM_FACTORS = ['desktop', 'tablet', 'phone'] as const
export type FormFactor = (typeof FORM_FACTORS)[number]

export const BROWSER_FAMILIES = ['chrome', 'edge', 'chromium', 'firefox', 'safari', 'opera', 'other'] as const
export type BrowserFamily = (typeof BROWSER_FAMILIES)[number]

/** Client hints tell the true version; the user agent string is frozen or wrong in most browsers. */
export const PLATFORM_SOURCES = ['client-hints', 'user-agent'] as const
export type PlatformSource = (typeof PLATFORM_SOURCES)[number]

export type SystemMeasurement = {
  readonly family: SystemFamily
  /** As shown to a person: « Windows 11 », « macOS 15.3 », « Linux ». */
  readonly name: string
  /** Dotted numbers; Windows by its NT number up to 10.0 (XP is 5.1) and 11.0 for Windows 11. Null: not told. */
  readonly version: string | null
  readonly formFactor: FormFactor
  readonly source: PlatformSource
}

export type BrowserMeasurement = {
  readonly family: BrowserFamily
  /** As the browser calls itself. */
  readonly name: string
  readonly major: number | null
  readonly source: PlatformSource
}

/** Why a camera, a microphone or a screen gave nothing, or stopped giving. */
export const DEVICE_FAILURES = [
  'refused',
  'dismissed',
  'blocked-by-system',
  'busy',
  'absent',
  'unplugged',
  'unsupported',
  'failed',
  'interrupted',
] as const
export type DeviceFailure = (typeof DEVICE_FAILURES)[number]

export type DeviceFailed = { readonly outcome: 'failed'; readonly failure: DeviceFailure }

export type CameraMeasured = {
  readonly outcome: 'measured'
  readonly label: string
  /** Pixels of the frames that really arrived, not of the settings. */
  readonly width: number
  readonly height: number
  readonly framesPerSecond: number
  /** Mean brightness of the last second, 0 (black) to 255 (white). */
  readonly meanLuma: number
  /** The greatest mean difference between two successive samples, in levels of brightness (0 to 255). */
  readonly frameDifference: number
  readonly observedMs: number
  /** The page was in the background for a part of the time: the browser then withholds frames. */
  readonly pageHidden: boolean
}
export type CameraMeasurement = CameraMeasured | DeviceFailed

export type MicrophoneMeasured = {
  readonly outcome: 'measured'
  readonly label: string
  /** Level of the quiet moments, in dB below full scale: 0 is the loudest, -100 stands for silence. */
  readonly noiseDbfs: number
  /** Level of the loud moments, same unit. */
  readonly speechDbfs: number
  /** Share of all samples that hit full scale, 0 to 1: such a voice is cut off. */
  readonly clippedShare: number
  readonly observedMs: number
}
export type MicrophoneMeasurement = MicrophoneMeasured | DeviceFailed

export const LOUDSPEAKER_FAILURES = ['unsupported', 'failed', 'interrupted'] as const
export type LoudspeakerFailure = (typeof LOUDSPEAKER_FAILURES)[number]

/** Digits were played and typed; or the person will write with the proctor instead of listening [CHK-05]. */
export type LoudspeakerMeasurement =
  | { readonly outcome: 'answered'; readonly played: string; readonly typed: string }
  | { readonly outcome: 'written' }
  | { readonly outcome: 'failed'; readonly failure: LoudspeakerFailure }

/** What is around the exam rather than asked for it: advice, never more [CHK-10]. Null: the browser does not tell. */
export type ConditionsMeasurement = {
  /** Size of the screen in CSS pixels. */
  readonly screenWidth: number
  readonly screenHeight: number
  readonly battery: { readonly charging: boolean; readonly share: number } | null
  /** Milliseconds this computer's clock is ahead of the server's (negative: behind). */
  readonly clockAheadMs: number | null
  /** The graphics are drawn by what remote desktops and virtual machines draw with: a hint, never a proof. */
  readonly remoteDesktop: boolean | null
  /** The browser names the network as something other than wires or radio, as it does behind a VPN: a hint too. */
  readonly vpn: boolean | null
}

/** How a way into a live room went. `not-offered`: this installation has none, which is nobody's fault. */
export const ROUTE_OUTCOMES = ['connected', 'failed', 'not-offered', 'not-tried'] as const
export type RouteOutcome = (typeof ROUTE_OUTCOMES)[number]

/** What the way to a relay is made of; TLS passes where only the web does. */
export const RELAY_TRANSPORTS = ['udp', 'tcp', 'tls'] as const
export type RelayTransport = (typeof RELAY_TRANSPORTS)[number]

export const TRIAL_FAILURES = ['unsupported', 'unreachable', 'capped', 'not-offered', 'interrupted'] as const
export type TrialFailure = (typeof TRIAL_FAILURES)[number]

/** A trial in a throw-away room: which ways lead to live media, and what is lost on the one that was taken [CHK-06]. */
export type ConnectionMeasured = {
  readonly outcome: 'measured'
  readonly udp: RouteOutcome
  readonly tcp: RouteOutcome
  readonly turn: RouteOutcome
  /** How the relay was reached: UDP, TCP or TLS. Missing where no relay was, or the browser does not say. */
  readonly relay?: RelayTransport | null | undefined
  /** Share of the packets of the trial that never arrived, 0 to 1; null when none was counted. */
  readonly lossShare: number | null
  readonly roundTripMs: number | null
}
export type ConnectionMeasurement =
  ConnectionMeasured | { readonly outcome: 'failed'; readonly failure: TrialFailure }

export const TRANSFER_FAILURES = ['unreachable', 'capped', 'interrupted'] as const
export type TransferFailure = (typeof TRANSFER_FAILURES)[number]

export type BandwidthMeasured = {
  readonly outcome: 'measured'
  /** kbit/s of payload, 1 kbit = 1000 bits. */
  readonly downKbps: number
  readonly upKbps: number
  /** Median of small requests over a connection already open. */
  readonly roundTripMs: number
  /** Mean change from one round trip to the next. */
  readonly jitterMs: number
  readonly downBytes: number
  readonly upBytes: number
}
export type BandwidthMeasurement =
  BandwidthMeasured | { readonly outcome: 'failed'; readonly failure: TransferFailure }

export type ScreensMeasurement = {
  /** `screen.isExtended`; null where the browser cannot tell. */
  readonly extended: boolean | null
  /** Size of the screen in CSS pixels. */
  readonly width: number
  readonly height: number
}

export const DISPLAY_SURFACES = ['monitor', 'window', 'browser'] as const
export type DisplaySurface = (typeof DISPLAY_SURFACES)[number]

export type ShareMeasured = {
  readonly outcome: 'measured'
  /** Null where the browser does not say what was chosen. */
  readonly surface: DisplaySurface | null
  readonly width: number
  readonly height: number
}
export type ShareMeasurement = ShareMeasured | DeviceFailed

export const RECORDING_FAILURES = ['unsupported', 'failed', 'interrupted'] as const
export type RecordingFailure = (typeof RECORDING_FAILURES)[number]

export type RecordingMeasured = {
  readonly outcome: 'measured'
  readonly codec: string
  /** Length of the pictures encoded, and the time it took: 2000 in 500 is four times real time. */
  readonly mediaMs: number
  readonly encodeMs: number
  readonly bytes: number
  /** Room the browser grants this site for the recording while the network is away; null where it does not say. */
  readonly storageBytes: number | null
  /** What is kept may be thrown away at any moment, as in a private window; null where nobody can tell. */
  readonly privateWindow: boolean | null
}
export type RecordingMeasurement =
  RecordingMeasured | { readonly outcome: 'failed'; readonly failure: RecordingFailure }

/** Everything measured so far. Null: that line has not been walked yet. */
export type Measurements = {
  readonly system: SystemMeasurement | null
  readonly browser: BrowserMeasurement | null
  readonly screens: ScreensMeasurement | null
  readonly conditions: ConditionsMeasurement | null
  readonly camera: CameraMeasurement | null
  readonly microphone: MicrophoneMeasurement | null
  readonly bandwidth: BandwidthMeasurement | null
  readonly connection: ConnectionMeasurement | null
  readonly recording: RecordingMeasurement | null
  readonly loudspeaker: LoudspeakerMeasurement | null
  readonly share: ShareMeasurement | null
}

/** A sheet on which nothing has been measured. */
export const NO_MEASUREMENTS: Measurements = {
  system: null,
  browser: null,
  screens: null,
  conditions: null,
  camera: null,
  microphone: null,
  bandwidth: null,
  connection: null,
  recording: null,
  loudspeaker: null,
  share: null,
}
