import type { Policy } from '../catalog/policy.ts'

type TimeMultiplier = 1 | 1.33 | 1.5

/** Declared before the exam, applied by the engine, told to the proctor [ATT-10]. */
export type Accommodation = {
  readonly multiplier: TimeMultiplier
  /** Whole seconds on top of the multiplied duration. */
  readonly extraSeconds: number
  /** Total seconds of breaks during which the clock stops; 0 when none is granted. */
  readonly breakSeconds: number
  readonly reader: boolean
  readonly secondPerson: boolean
  readonly largerText: boolean
}

/** What is frozen for one attempt when it enters `preparing`: the policy of that day and the accommodation. */
export type Terms = Policy & { readonly accommodation: Accommodation }

export const NO_ACCOMMODATION: Accommodation = {
  multiplier: 1,
  extraSeconds: 0,
  breakSeconds: 0,
  reader: false,
  secondPerson: false,
  largerText: false,
}

/** What `enter` freezes [ATT-10]. */
export const freezeTerms = (policy: Policy, accommodation: Accommodation): Terms => ({
  ...policy,
  accommodation,
})

/** Whole seconds of exam before any credit, rounded up: duration × multiplier + extra minutes [ATT-10]. */
export const grantedSeconds = (terms: Terms): number =>
  Math.ceil((terms.durationSeconds * Math.round(terms.accommodation.multiplier * 100)) / 100) +
  terms.accommodation.extraSeconds
