/**
 * What the save state says [ATT-04], in one place: never better than it is. `waiting` counts questions whose answer
 * only this computer has.
 */
export type SaveState =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'saved'; readonly at: number }
  | { readonly kind: 'saving' }
  /** `durable`: what waits would survive this page being closed. */
  | { readonly kind: 'offline'; readonly waiting: number; readonly durable: boolean }
  | { readonly kind: 'held'; readonly waiting: number }
  | { readonly kind: 'refused'; readonly waiting: number }

export interface SaveFacts {
  readonly safe: boolean
  readonly savedAt: number | null
  readonly waiting: number
  readonly online: boolean
  /** The last try did not get through. */
  readonly faltering: boolean
  /** Code of a refusal that sending again would not change. */
  readonly refusal: string | null
  readonly durable: boolean
}

export function saveState(facts: SaveFacts): SaveState {
  const { waiting, durable } = facts
  // A save that repeats what the server has is still under way at times: nothing is at stake in it.
  if (facts.safe || waiting === 0)
    return facts.savedAt === null ? { kind: 'nothing' } : { kind: 'saved', at: facts.savedAt }
  if (facts.refusal === 'held') return { kind: 'held', waiting }
  if (facts.refusal !== null) return { kind: 'refused', waiting }
  // HTTP may still pass where the socket does not; only a try that failed is called offline.
  if (!facts.online || facts.faltering) return { kind: 'offline', waiting, durable }
  return { kind: 'saving' }
}
