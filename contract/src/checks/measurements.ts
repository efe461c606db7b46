import {
  BROWSER_FAMILIES,
  type BandwidthMeasurement,
  type BrowserMeasurement,
  type CameraMeasurement,
  type ConditionsMeasurement,
  type ConnectionMeasurement,
  DEVICE_FAILURES,
  DISPLAY_SURFACES,
  FORM_FACTORS,
  LOUDSPEAKER_FAILURES,
  type LoudspeakerMeasurement,
  type Measurements,
  type MicrophoneMeasurement,
  PLATFORM_SOURCES,
  RECORDING_FAILURES,
  RELAY_TRANSPORTS,
  ROUTE_OUTCOMES,
  type RecordingMeasurement,
  type ScreensMeasurement,
  type ShareMeasurement,
  SYSTEM_FAMILIES,
  type SystemMeasurement,
  TRANSFER_FAILURES,
  TRIAL_FAILURES,
} from '@vigie/checks/verdict/measurements'
import { z } from 'zod'

/*
 * Measurements as a page sends them. Types and word lists are those of `checks/verdict`; here are only the bounds of
 * what is believable, so that a report never holds a value that nobody could have measured.
 */

const words = z.string().max(200)
const version = z.string().max(40)
const milliseconds = z.number().min(0).max(600_000)
const pixels = z.number().int().min(0).max(100_000)
const bytes = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const kilobitsPerSecond = z.number().min(0).max(1e9)
const luma = z.number().min(0).max(255)
const decibels = z.number().min(-200).max(10)

const failed = <Failure extends string>(failures: readonly [Failure, ...Failure[]]) =>
  z.object({ outcome: z.literal('failed'), failure: z.enum(failures) })

export const systemMeasurementSchema = z.object({
  family: z.enum(SYSTEM_FAMILIES),
  name: words,
  version: version.nullable(),
  formFactor: z.enum(FORM_FACTORS),
  source: z.enum(PLATFORM_SOURCES),
}) satisfies z.ZodType<SystemMeasurement, SystemMeasurement>

export const browserMeasurementSchema = z.object({
  family: z.enum(BROWSER_FAMILIES),
  name: words,
  major: z.number().int().min(0).max(100_000).nullable(),
  source: z.enum(PLATFORM_SOURCES),
}) satisfies z.ZodType<BrowserMeasurement, BrowserMeasurement>

export const cameraMeasurementSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('measured'),
    label: words,
    width: pixels,
    height: pixels,
    framesPerSecond: z.number().min(0).max(1000),
    meanLuma: luma,
    frameDifference: luma,
    observedMs: milliseconds,
    pageHidden: z.boolean(),
  }),
  failed(DEVICE_FAILURES),
]) satisfies z.ZodType<CameraMeasurement, CameraMeasurement>

export const microphoneMeasurementSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('measured'),
    label: words,
    noiseDbfs: decibels,
    speechDbfs: decibels,
    clippedShare: z.number().min(0).max(1).default(0),
    observedMs: milliseconds,
  }),
  failed(DEVICE_FAILURES),
]) satisfies z.ZodType<MicrophoneMeasurement>

export const bandwidthMeasurementSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('measured'),
    downKbps: kilobitsPerSecond,
    upKbps: kilobitsPerSecond,
    roundTripMs: milliseconds,
    jitterMs: milliseconds,
    downBytes: bytes,
    upBytes: bytes,
  }),
  failed(TRANSFER_FAILURES),
]) satisfies z.ZodType<BandwidthMeasurement, BandwidthMeasurement>

export const screensMeasurementSchema = z.object({
  extended: z.boolean().nullable(),
  width: pixels,
  height: pixels,
}) satisfies z.ZodType<ScreensMeasurement, ScreensMeasurement>

export const shareMeasurementSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('measured'),
    surface: z.enum(DISPLAY_SURFACES).nullable(),
    width: pixels,
    height: pixels,
  }),
  failed(DEVICE_FAILURES),
]) satisfies z.ZodType<ShareMeasurement, ShareMeasurement>

export const recordingMeasurementSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('measured'),
    codec: words,
    mediaMs: milliseconds.min(1),
    encodeMs: milliseconds,
    bytes,
    storageBytes: bytes.nullable(),
    privateWindow: z.boolean().nullable().default(null),
  }),
  failed(RECORDING_FAILURES),
]) satisfies z.ZodType<RecordingMeasurement>

const share = z.number().min(0).max(1)
const routeOutcome = z.enum(ROUTE_OUTCOMES)

export const connectionMeasurementSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('measured'),
    udp: routeOutcome,
    tcp: routeOutcome,
    turn: routeOutcome,
    relay: z.enum(RELAY_TRANSPORTS).nullish(),
    lossShare: share.nullable(),
    roundTripMs: milliseconds.nullable(),
  }),
  failed(TRIAL_FAILURES),
]) satisfies z.ZodType<ConnectionMeasurement, ConnectionMeasurement>

const digits = z.string().max(12).regex(/^\d*$/)

export const loudspeakerMeasurementSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('answered'), played: digits, typed: digits }),
  z.object({ outcome: z.literal('written') }),
  failed(LOUDSPEAKER_FAILURES),
]) satisfies z.ZodType<LoudspeakerMeasurement, LoudspeakerMeasurement>

export const conditionsMeasurementSchema = z.object({
  screenWidth: pixels,
  screenHeight: pixels,
  battery: z.object({ charging: z.boolean(), share }).nullable(),
  clockAheadMs: z.number().min(-1e15).max(1e15).nullable(),
  remoteDesktop: z.boolean().nullable(),
  vpn: z.boolean().nullable(),
}) satisfies z.ZodType<ConditionsMeasurement, ConditionsMeasurement>

/** A line that is left out has not been walked: a page of the protocol before may not know it [ROOM-06]. */
export const measurementsSchema = z.object({
  system: systemMeasurementSchema.nullable().default(null),
  browser: browserMeasurementSchema.nullable().default(null),
  camera: cameraMeasurementSchema.nullable().default(null),
  microphone: microphoneMeasurementSchema.nullable().default(null),
  conditions: conditionsMeasurementSchema.nullable().default(null),
  bandwidth: bandwidthMeasurementSchema.nullable().default(null),
  connection: connectionMeasurementSchema.nullable().default(null),
  loudspeaker: loudspeakerMeasurementSchema.nullable().default(null),
  screens: screensMeasurementSchema.nullable().default(null),
  share: shareMeasurementSchema.nullable().default(null),
  recording: recordingMeasurementSchema.nullable().default(null),
}) satisfies z.ZodType<Measurements>
