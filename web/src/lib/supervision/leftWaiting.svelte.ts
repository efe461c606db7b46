import { SvelteMap } from 'svelte/reactivity'
import type { Cases } from './cases.ts'
import { concernsOf, type LookedAt } from './concerns.ts'

/**
 * Milliseconds until whoever waits for nothing but their proctor presses again after the proctor has looked and left them
 * waiting: long enough to ask a lead or see to somebody else, short beside the half hour a hold may last.
 */
export const LEFT_FOR = 180_000

/** Candidates a proctor has looked at and left waiting on hold: that was a decision, and is not asked for at once again. */
export class LeftWaiting {
  /** Since when they had waited when they were left. */
  #left = new SvelteMap<string, number>()
  #pressing = new Map<string, ReturnType<typeof setTimeout>>()

  /** Somebody who was open is left. */
  leave(one: LookedAt): void {
    const waits = concernsOf(one).find(({ kind }) => kind === 'ready' || kind === 'back')
    if (!waits) return
    const { attempt } = one.view
    clearTimeout(this.#pressing.get(attempt))
    this.#left.set(attempt, waits.since)
    this.#pressing.set(
      attempt,
      setTimeout(() => this.#left.delete(attempt), LEFT_FOR),
    )
  }

  /** The same cases, each with what the proctor has left of it. */
  marked(cases: Cases): Cases {
    if (this.#left.size === 0) return cases
    return new Map(
      [...cases].map(([attempt, one]) => {
        const left = this.#left.get(attempt)
        return [attempt, left === undefined ? one : { ...one, left }]
      }),
    )
  }

  close(): void {
    for (const pressing of this.#pressing.values()) clearTimeout(pressing)
  }
}
