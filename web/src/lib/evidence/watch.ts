import { SEGMENT_SECONDS } from '@vigie/contract/evidence/segment'

/** How often a take is looked at, in milliseconds. */
export const LOOK = 1_000
/** Without a picture, or without a segment, for this long the encoder is taken for stuck, in milliseconds. */
const NO_PICTURE = 2 * SEGMENT_SECONDS * 1_000
const NO_SEGMENT = 5 * SEGMENT_SECONDS * 1_000
/** A look this late, in milliseconds, says that the computer slept or its clock was set. */
const SLEPT = 10_000

/** One moment on both clocks of this computer: some count the time it sleeps on neither but the wall clock. */
export interface Moment {
  readonly elapsed: number
  readonly wall: number
}

/**
 * Says when a take has to be started anew [EVD-01]: its encoder gives nothing, or the computer slept, for a take counts
 * its pictures and would put what follows at the time before the sleep. A page that is held up judges nobody: only the
 * time in which it looked counts.
 */
export class Watch {
  #looked: Moment
  #withoutPicture = 0
  #withoutSegment = 0

  constructor(now: Moment) {
    this.#looked = now
  }

  picture(): void {
    this.#withoutPicture = 0
  }

  segment(): void {
    this.#withoutSegment = 0
  }

  /** To be asked every `LOOK` milliseconds. True: start anew. */
  isOver(now: Moment): boolean {
    const [passed, onWall] = [now.elapsed - this.#looked.elapsed, now.wall - this.#looked.wall]
    this.#looked = now
    const counted = Math.min(passed, 2 * LOOK)
    this.#withoutPicture += counted
    this.#withoutSegment += counted
    return (
      Math.max(passed, onWall) >= SLEPT ||
      this.#withoutPicture >= NO_PICTURE ||
      this.#withoutSegment >= NO_SEGMENT
    )
  }
}
