import { photoPath, type Purpose } from '@vigie/contract/evidence/photo'
import type { TakeoverReason } from '@vigie/exam-engine/supervision/reasons'
import { SvelteMap } from 'svelte/reactivity'
import { fetchBytes } from '#lib/platform/http.ts'

export type Photo =
  | { readonly kind: 'loading' }
  | { readonly kind: 'shown'; readonly url: string }
  | { readonly kind: 'failed'; readonly error: unknown }

/**
 * The photos of one open candidate, fetched when they are first looked at and kept until the candidate is left: every
 * fetch is a view that the server logs [IDN-06], so none is made twice.
 */
export class Photos {
  #held = new SvelteMap<string, Photo>()
  #attempt: string
  #purpose: Purpose
  #left = new AbortController()
  /** Why a lead who took the candidate over looks; nothing is fetched before it is said [IDN-06]. */
  reason = $state<TakeoverReason | null>(null)

  /** `purpose` is logged with each view [REV-05]. */
  constructor(attempt: string, purpose: Purpose = 'identity-check') {
    this.#attempt = attempt
    this.#purpose = purpose
  }

  /** Whether looking has to be given a reason first. */
  get asks(): boolean {
    return this.#purpose === 'takeover' && this.reason === null
  }

  of(photo: string): Photo {
    return this.#held.get(photo) ?? { kind: 'loading' }
  }

  /** Fetches a photo that is not there yet, or anew one that failed when `again`. */
  async load(photo: string, again = false): Promise<void> {
    if (this.asks) return
    const held = this.#held.get(photo)
    if (held && !(again && held.kind === 'failed')) return
    this.#held.set(photo, { kind: 'loading' })
    try {
      const blob = await fetchBytes(
        photoPath(this.#attempt, photo, this.#purpose, this.reason ?? undefined),
        this.#left.signal,
      )
      if (!this.#left.signal.aborted) this.#held.set(photo, { kind: 'shown', url: URL.createObjectURL(blob) })
    } catch (error) {
      if (!this.#left.signal.aborted) this.#held.set(photo, { kind: 'failed', error })
    }
  }

  /** Forgets them: identity photos do not stay in a page that no longer shows them. */
  close(): void {
    this.#left.abort()
    for (const photo of this.#held.values()) if (photo.kind === 'shown') URL.revokeObjectURL(photo.url)
    this.#held.clear()
  }
}
