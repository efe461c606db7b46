import type { AttemptId } from '@vigie/exam-engine/attempt/ids'
import type { EvidenceTrack } from '@vigie/exam-engine/evidence/segments'
import { clock } from '#lib/platform/clock.svelte.ts'
import type { CredentialSource } from '#lib/platform/http.ts'
import { openRecorder, type Recorder, type RecorderStatus } from './recorder.ts'
import { rememberedUplink } from './uplink.ts'
import { evidenceWire } from './wire.ts'

/**
 * The recording of this page's attempt as components read it. Opening it sends what an earlier page left; `follow`
 * makes it record whatever is shared.
 */
export class Recording {
  /** Null until the local store is open. Reactive. */
  status = $state.raw<RecorderStatus | null>(null)
  readonly #recorder: Promise<Recorder>
  readonly #recorded = new Map<EvidenceTrack, string>()

  constructor(attempt: AttemptId, credential: CredentialSource, lease: () => number) {
    this.#recorder = openRecorder({
      attempt,
      lease,
      serverNow: () => clock.read(),
      uplink: rememberedUplink,
      wire: evidenceWire(attempt, credential),
      onchange: (status) => {
        this.status = status
      },
    })
  }

  /** Whether camera and screen are both being recorded at this moment. Reactive. */
  get running(): boolean {
    return this.status?.recording.camera != null && this.status.recording.screen != null
  }

  /** Records this stream as `track` from now on, unless it already does. Null changes nothing: an ended track ends its run. */
  async follow(track: EvidenceTrack, stream: MediaStream | null): Promise<void> {
    if (!stream) return
    const name = stream
      .getTracks()
      .map((one) => one.id)
      .sort()
      .join()
    if (this.#recorded.get(track) === name) return
    this.#recorded.set(track, name)
    await (await this.#recorder).replaceTracks(track, stream)
  }

  /**
   * How much of the line the recording may take, in kilobits per second: 0 keeps everything on this computer for now, null
   * leaves it to what the uplink has over [ROOM-02].
   */
  async allow(kbps: number | null): Promise<void> {
    ;(await this.#recorder).allow(kbps)
  }

  /** Seals what is under way and records no more; sending goes on. */
  async stop(): Promise<void> {
    this.#recorded.clear()
    await (await this.#recorder).stop()
  }

  /** Resolves when everything has reached the server; `onprogress` after each segment. */
  async drain(onprogress?: (progress: { done: number; of: number }) => void): Promise<void> {
    await (await this.#recorder).drain(onprogress)
  }

  async close(): Promise<void> {
    await (await this.#recorder).close()
  }
}
