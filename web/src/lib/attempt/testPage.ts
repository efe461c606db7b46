import type { Answers, Saved } from '@vigie/contract/attempt/answers'
import { Problem } from '#lib/platform/problem.ts'
import type { KeptDraft } from './draft.ts'
import type { DraftWire, OutgoingSave } from './drafts.svelte.ts'

export const answers = (given: Record<string, string[]>) => given as Answers

/** Waits until something has come about, however long the machine takes: hashing is nobody's timer. */
export async function until(come: () => boolean): Promise<void> {
  while (!come()) await new Promise((resolve) => setImmediate(resolve))
}

/** A save that has left the page and waits for its answer. */
export interface Sent {
  readonly save: OutgoingSave
  /** Stored by the server, and the page hears of it. */
  acknowledge(more?: Partial<Saved>): void
  fail(problem: Problem): void
}

/** The way from a page to its server and to its disk, answered by the test. */
export class TestWire implements DraftWire {
  readonly sent: Sent[] = []
  readonly announced: number[] = []
  readonly refusals: string[] = []
  /** Everything that reached the disk, in order. */
  readonly disk: KeptDraft[] = []
  /** Held back, a write to the disk waits for `write`. */
  slowDisk = false
  readonly #writes: (() => void)[] = []

  send = (save: OutgoingSave): Promise<Saved> =>
    new Promise((resolve, reject) => {
      this.sent.push({
        save,
        acknowledge: (more) =>
          resolve({ number: save.number, savedAt: 1_000 * save.number, linked: true, ...more }),
        fail: reject,
      })
    })

  announce = (lastNumber: number): void => void this.announced.push(lastNumber)

  keep = async (kept: KeptDraft): Promise<void> => {
    if (this.slowDisk) await new Promise<void>((resolve) => this.#writes.push(resolve))
    this.disk.push(structuredClone(kept))
  }

  refused = ({ code }: Problem): void => void this.refusals.push(code)

  get writing(): number {
    return this.#writes.length
  }

  write(): void {
    this.#writes.shift()?.()
  }

  /** The save that leaves as the `count`th, once it has. */
  async leaving(count: number): Promise<Sent> {
    await until(() => this.sent.length >= count)
    return this.sent[count - 1]!
  }
}

export const offline = () => new Problem('offline')
