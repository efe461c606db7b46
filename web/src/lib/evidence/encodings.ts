import type { EvidenceTrack } from '@vigie/exam-engine/evidence/segments'

/** What one track is encoded as. Bits per second, frames per second, pixels. */
export interface Encoding {
  readonly bitrate: number
  readonly soundBitrate: number
  readonly frameRate: number
  readonly maximumHeight: number
}

/** Kilobits per second that live pictures and sound need at their lowest, with saves beside (media.md) [EVD-02]. */
export const LIVE_NEEDS = 260
/** What a recording takes when the line has it, and what it never goes below, in kilobits per second [EVD-02]. */
export const RECORDING_MOST = 300
export const RECORDING_LEAST = 120

/** Sound first: what is said decides more cases than a finer picture. */
const SOUND = 24

/**
 * The bitrate of both tracks together from the measured uplink, in kilobits per second: all of it when there is room,
 * never more than the live picture leaves, never below the floor [EVD-02]. An unknown line is taken for a good one: what
 * does not fit waits on the disk.
 */
export const recordingBitrate = (uplinkKbps: number | null): number =>
  uplinkKbps === null
    ? RECORDING_MOST
    : Math.round(Math.min(RECORDING_MOST, Math.max(RECORDING_LEAST, uplinkKbps - LIVE_NEEDS)))

/** How both tracks are encoded on a line of this uplink. */
export function encodingsFor(uplinkKbps: number | null): Readonly<Record<EvidenceTrack, Encoding>> {
  const pictures = (recordingBitrate(uplinkKbps) - SOUND) * 1_000
  const camera = Math.round(pictures * 0.65)
  return {
    camera: { bitrate: camera, soundBitrate: SOUND * 1_000, frameRate: 12, maximumHeight: 480 },
    screen: { bitrate: pictures - camera, soundBitrate: 0, frameRate: 5, maximumHeight: 900 },
  }
}
