/**
 * How two videos are kept on one wall clock [REV-02]. Times are milliseconds of what was recorded: at four times the speed
 * a hundredth of a second of waiting is forty of them, so what starts or waits does so at plain speed.
 */

/** Nearer than this a video is left alone: readings of `currentTime` are no better. */
const FINE = 12
/** Further off than this the other one is waited for at plain speed. */
const LOOSE = 50
/** How soon a video is to be back in step, in milliseconds of this computer. */
const WITHIN = 250
/** How much faster or slower a video may run: with sound nobody should hear it. */
const HEARD = 0.1
const SEEN = 0.5
/** How long before a track begins again plain speed is taken, in milliseconds of this computer. */
const RUN_UP = 120

/**
 * The factor on the speed that brings a video back in step. `off`: how far it is ahead, negative behind. Whoever is far off
 * or fast may run unevenly: nobody follows a voice then.
 */
export function correction(off: number, rate: number): number {
  if (Math.abs(off) <= Math.min(25, FINE * rate)) return 1
  const range = rate > 1.5 || Math.abs(off) > LOOSE ? SEEN : HEARD
  return 1 - Math.max(-range, Math.min(range, off / (WITHIN * rate)))
}

export interface Pace {
  /** What the person asked for, above zero. */
  readonly rate: number
  /** The pictures of both tracks are this far from each other; 0 with only one. */
  readonly drift: number
  /** A video that should run does not move yet. */
  readonly starting: boolean
  /** How far ahead another track begins, null when none does. */
  readonly nextBegins: number | null
}

/** The speed the common clock runs at now: the one asked for, or plain speed while a track begins or is out of step. */
export function easedRate({ rate, drift, starting, nextBegins }: Pace): number {
  const begins = nextBegins !== null && nextBegins < RUN_UP * rate
  return rate > 1 && (starting || begins || drift > LOOSE) ? 1 : rate
}
