import type { BrowserFamily, CheckItem, SystemFamily } from './measurements.ts'

/** Compulsory: a fail here fails the check. Advisory: the person is told, and may go on. */
export const ITEM_DUTIES = ['compulsory', 'advisory'] as const
export type ItemDuty = (typeof ITEM_DUTIES)[number]

/** A system that is admitted, from a version on. What the table does not name is refused (CHK-03). */
export type SystemRule = {
  readonly family: SystemFamily
  /** Dotted numbers as in `SystemMeasurement.version`; null admits every version. */
  readonly minimumVersion: string | null
}

/** A browser that is admitted. `minimumMajor` is « the last three majors » as staff keep it up to date. */
export type BrowserRule = { readonly family: BrowserFamily; readonly minimumMajor: number }

/**
 * What a certification asks of a machine. Plain data: stored with the certification's policy, editable by staff,
 * frozen for an attempt when it enters `preparing`, and read alike by the page and by the server.
 */
export type EquipmentPolicy = {
  readonly items: { readonly [item in CheckItem]: ItemDuty }
  readonly systems: readonly SystemRule[]
  readonly browsers: readonly BrowserRule[]
  readonly camera: {
    readonly minWidth: number
    readonly minHeight: number
    readonly minFramesPerSecond: number
    /** Brightness, 0 to 255: under the first a fail, under the second or over the third a warning. */
    readonly blackBelowLuma: number
    readonly darkBelowLuma: number
    readonly glareAboveLuma: number
    /** A living picture changes by more than this between two samples (noise alone does). */
    readonly minFrameDifference: number
    /** Whether a camera that calls itself virtual is signalled (SUP-07). Never a fail: a person decides. */
    readonly signalVirtual: boolean
  }
  readonly microphone: {
    /** dB between the loud and the quiet moments. */
    readonly minOverNoiseDb: number
    /** dBFS the voice must reach, and the level under which nothing at all is heard. */
    readonly minSpeechDbfs: number
    readonly silentBelowDbfs: number
    /** Share of the samples at full scale over which a warning is given: a voice that is cut off, 0 to 1. */
    readonly maxClippedShare: number
  }
  readonly bandwidth: {
    readonly minDownKbps: number
    readonly minUpKbps: number
    /** Over these, a warning. */
    readonly maxRoundTripMs: number
    readonly maxJitterMs: number
  }
  readonly connection: {
    /** Share of lost packets over which a warning is given, 0 to 1. */
    readonly maxLossShare: number
  }
  readonly conditions: {
    readonly minScreenWidth: number
    readonly minScreenHeight: number
    readonly maxClockSkewSeconds: number
  }
  readonly screens: { readonly singleOnly: boolean }
  readonly share: { readonly wholeScreenOnly: boolean }
  readonly recording: {
    /** Times real time; the measure must be over it, not equal. */
    readonly minSpeed: number
    readonly minStorageBytes: number
  }
  /** How long a passed check stays a pass, in days (CHK-12). */
  readonly passValidDays: number
}
