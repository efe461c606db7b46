import {
  STILL_LIMIT,
  STILL_SOURCES,
  stillUploadPath,
  type StillSource,
} from '@vigie/contract/supervision/still'
import type { AttemptId } from '@vigie/exam-engine/attempt/ids'
import { STILL_EVERY } from '@vigie/exam-engine/supervision/liveStep'
import { sendBytes, type CredentialSource } from '#lib/platform/http.ts'
import { elapsed } from '#lib/platform/localTime.ts'
import { isTransient, toProblem } from '#lib/platform/problem.ts'
import { frameOf } from '#lib/platform/frames.ts'

export interface StillsWire {
  readonly attempt: AttemptId
  readonly lease: () => number
  readonly credential: CredentialSource
  readonly track: (source: StillSource) => MediaStreamTrack | null
}

/** Widest picture and quality of each source: a face to recognise, a screen to read. About 15 kB and 80 kB. */
const LOOK = {
  camera: { width: 320, quality: 0.6 },
  screen: { width: 1_280, quality: 0.5 },
} as const satisfies Record<StillSource, { width: number; quality: number }>
/** A picture that took longer than this to send is made smaller the next time, in milliseconds; never below half. */
const SLOW = 3_500
const SMALLEST = 0.5
const PATIENCE = 12_000

export interface Stills {
  /** The last picture did not get through. */
  readonly failing: boolean
  close(): void
}

/** Sends a picture of camera and of screen every 5 s until closed [ROOM-02]. */
export function openStills({ attempt, lease, credential, track }: StillsWire): Stills {
  let closed = false
  let failing = false
  let scale = 1
  let timer: ReturnType<typeof setTimeout> | undefined

  async function send(source: StillSource): Promise<void> {
    const shown = track(source)
    const { width, quality } = LOOK[source]
    const jpeg = shown && (await frameOf(shown, { width: Math.round(width * scale), quality }))
    if (!jpeg || closed || jpeg.size > STILL_LIMIT) return
    const began = elapsed()
    try {
      await sendBytes({
        method: 'POST',
        path: stillUploadPath(attempt, source, lease()),
        body: jpeg,
        contentType: 'image/jpeg',
        credential: credential(),
        patience: PATIENCE,
      })
      failing = false
    } catch (error) {
      // A refusal is an answer: the line carries.
      failing = isTransient(toProblem(error))
    }
    const took = elapsed() - began
    scale = took > SLOW ? Math.max(SMALLEST, scale * 0.8) : took < SLOW / 3 ? Math.min(1, scale * 1.1) : scale
  }

  async function round(): Promise<void> {
    const began = elapsed()
    for (const source of STILL_SOURCES) await send(source)
    if (!closed) timer = setTimeout(() => void round(), Math.max(0, STILL_EVERY - (elapsed() - began)))
  }
  void round()

  return {
    get failing() {
      return failing
    },
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}
