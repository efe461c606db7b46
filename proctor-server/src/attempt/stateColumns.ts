import type { AttemptState, Draft } from '@vigie/exam-engine/attempt/state'

/**
 * A state in its two columns: the draft, which is all that a save changes, and the rest, ten times as long, which is then
 * neither sent nor read and written again (docs/decisions, « natural batches »).
 */
export function columnsOf(state: AttemptState): { readonly state: object; readonly draft: Draft | null } {
  if (!('sitting' in state) || state.sitting === null) return { state, draft: null }
  const { draft, ...sitting } = state.sitting
  return { state: { ...state, sitting }, draft }
}

/**
 * The state was written by this process from the domain's own types: it is read back as what it is. Rows from before the
 * draft had its column have it within.
 */
export function stateOf({
  state,
  draft,
}: {
  readonly state: unknown
  readonly draft: unknown
}): AttemptState {
  const whole = state as AttemptState
  if (draft === null || !('sitting' in whole) || whole.sitting === null) return whole
  return { ...whole, sitting: { ...whole.sitting, draft: draft as Draft } } as AttemptState
}

function isSameBut(key: string, one: object, other: object): boolean {
  const [these, those] = [Object.entries(one), other as Record<string, unknown>]
  return (
    these.length === Object.keys(other).length &&
    these.every(([name, value]) => name === key || value === those[name])
  )
}

/** Whether nothing but the draft changed: what evolves is made anew, what does not is the same object. */
export const isSaveOnly = (before: AttemptState, after: AttemptState): boolean =>
  'sitting' in before &&
  'sitting' in after &&
  before.sitting !== null &&
  after.sitting !== null &&
  isSameBut('sitting', before, after) &&
  isSameBut('draft', before.sitting, after.sitting)
