import type { Result } from '@vigie/kernel/result'
import type {
  DeviceFailure,
  DisplaySurface,
  ConnectionMeasured,
  LoudspeakerFailure,
  RecordingFailure,
  RouteOutcome,
  TransferFailure,
  TrialFailure,
} from '../verdict/measurements.ts'
import type { Feed } from './probe.ts'

/*
 * All that probes know of the machine. `browser/browserDevices.ts` answers from a real browser, `fakes/` from a
 * script. `Stream` is a MediaStream in a browser and whatever a script likes elsewhere: no probe looks inside.
 */

/** One look at the camera's picture. */
export type FrameSample = {
  /** Milliseconds of `Devices.now`. */
  readonly at: number
  readonly width: number
  readonly height: number
  /** Frames shown since the feed was opened, those without a sample included. */
  readonly presented: number
  /** Brightness of a small grid of picture elements, 0 to 255; the same grid in every sample. */
  readonly luma: Uint8Array
}

export type CameraFeed<Stream> = Feed<Stream> & {
  readonly deviceId: string
  readonly label: string
  readonly onFrame: (listener: (frame: FrameSample) => void) => () => void
  readonly onEnded: (listener: () => void) => () => void
}

export type LevelSample = {
  readonly at: number
  /** Root mean square of the samples since about 40 ms, 0 to 1. */
  readonly rms: number
  /** Samples of them at full scale, as a share: 0 to 1. */
  readonly clipped: number
}

export type MicrophoneFeed<Stream> = Feed<Stream> & {
  readonly deviceId: string
  readonly label: string
  readonly onLevel: (listener: (level: LevelSample) => void) => () => void
  readonly onEnded: (listener: () => void) => () => void
}

export type ScreenFeed<Stream> = Feed<Stream> & {
  readonly surface: DisplaySurface | null
  readonly width: number
  readonly height: number
}

export type DeviceChoice = { readonly deviceId: string; readonly label: string }

/** What the browser says of itself. Hints are null where it has none (Firefox, Safari, plain http). */
export type PlatformFacts = {
  readonly userAgent: string
  readonly maxTouchPoints: number
  readonly hints: {
    readonly platform: string
    readonly platformVersion: string
    readonly mobile: boolean
    readonly brands: readonly { readonly brand: string; readonly version: string }[]
  } | null
}

export type ScreenFacts = {
  readonly extended: boolean | null
  readonly width: number
  readonly height: number
}

export type EncodingTrial = {
  readonly codec: string
  readonly mediaMs: number
  readonly encodeMs: number
  readonly bytes: number
}

/** What is told of the computer beyond its devices [CHK-10]. */
export type Surroundings = {
  readonly battery: { readonly charging: boolean; readonly share: number } | null
  /** What draws the page's graphics, as the browser names it. */
  readonly renderer: string | null
  /** `navigator.connection.type` where there is one. */
  readonly network: string | null
}

/** How far a transfer has come at a moment. */
export type Arrival = { readonly at: number; readonly bytes: number }

export type Transferred = {
  readonly bytes: number
  /**
   * How they came in at the other end, in milliseconds of one clock, whosever it is. Null when that end did not say:
   * then only the whole transfer can be timed.
   */
  readonly arrivals: readonly Arrival[] | null
  /**
   * Milliseconds from the first byte to the last by the browser's own clock, where it keeps one: a page that is busy
   * reads late what came in time.
   */
  readonly lastedMs: number | null
}

/** How thoroughly a step is done: `quick` where an earlier check of the same person still stands [CHK-01]. */
export const PACES = ['whole', 'quick'] as const
export type Pace = (typeof PACES)[number]

export type TrialStage = 'direct' | 'tcp' | 'turn'

/** How far a trial of live media is: what is being tried, and what was found of each way. Null: not yet. */
export type TrialLive = {
  readonly stage: TrialStage
  readonly found: { readonly [way in 'udp' | 'tcp' | 'turn']: RouteOutcome | null }
}

export type TrialProblem = Exclude<TrialFailure, 'interrupted'>
export type LoudspeakerProblem = Exclude<LoudspeakerFailure, 'interrupted'>
export type TransferProblem = Exclude<TransferFailure, 'interrupted'>
export type EncodingProblem = Exclude<RecordingFailure, 'interrupted'>

export type Devices<Stream = MediaStream> = {
  /** Milliseconds that only ever grow; never a date. */
  readonly now: () => number
  /** Resolves after `ms`, or as soon as the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  readonly pageHidden: () => boolean
  /** `deviceId`: the one chosen or remembered; another one is taken when it is gone. */
  readonly openCamera: (deviceId: string | null) => Promise<Result<CameraFeed<Stream>, DeviceFailure>>
  readonly openMicrophone: (deviceId: string | null) => Promise<Result<MicrophoneFeed<Stream>, DeviceFailure>>
  /** Asks at once, within the click that led here. */
  readonly openScreen: () => Promise<Result<ScreenFeed<Stream>, DeviceFailure>>
  readonly listCameras: () => Promise<readonly DeviceChoice[]>
  readonly listMicrophones: () => Promise<readonly DeviceChoice[]>
  readonly platform: () => Promise<PlatformFacts>
  readonly screens: () => ScreenFacts
  /** Resolves when the site itself has nothing more to load in the background: until then the line is not free. */
  readonly siteLoaded: (signal: AbortSignal) => Promise<void>
  /** Milliseconds of one small request there and back. */
  readonly roundTrip: (signal: AbortSignal) => Promise<Result<number, TransferProblem>>
  /** Fetches that many bytes; tells how many have come so far. An abort ends it with what has come. */
  readonly download: (
    bytes: number,
    onProgress: (received: number) => void,
    signal: AbortSignal,
  ) => Promise<Result<Transferred, TransferProblem>>
  /** Sends that many bytes and waits for the answer; tells how many have left the page. */
  readonly upload: (
    bytes: number,
    onProgress: (sent: number) => void,
    signal: AbortSignal,
  ) => Promise<Result<Transferred, TransferProblem>>
  /** Milliseconds this computer's clock is ahead of the server's; null when nobody answered. */
  readonly clockAhead: (signal: AbortSignal) => Promise<number | null>
  readonly surroundings: () => Promise<Surroundings>
  /** Tries the ways into a throw-away live room, one after the other [CHK-06]. `quick` tries the direct way alone. */
  readonly connectionTrial: (
    pace: Pace,
    onLive: (live: TrialLive) => void,
    signal: AbortSignal,
  ) => Promise<Result<Omit<ConnectionMeasured, 'outcome'>, TrialProblem>>
  /** So many digits that nobody foresees. */
  readonly randomDigits: (count: number) => string
  /** Says the digits, or beeps as often as each says; resolves when it is over [CHK-05]. */
  readonly playDigits: (digits: string, signal: AbortSignal) => Promise<Result<void, LoudspeakerProblem>>
  /** Encodes 2 s of 640×480 as quickly as this machine can. */
  readonly encodeTrial: (
    onProgress: (share: number) => void,
    signal: AbortSignal,
  ) => Promise<Result<EncodingTrial, EncodingProblem>>
  /** Bytes this site may still store; null where the browser does not say. */
  readonly storageRoom: () => Promise<number | null>
  /** Whether what is stored goes with the window; null where nobody can tell. */
  readonly privateWindow: () => Promise<boolean | null>
}
