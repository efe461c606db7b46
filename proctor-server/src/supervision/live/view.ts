import type { LiveView } from '@vigie/contract/supervision/live'
import type { AttemptState, MediaTrack } from '@vigie/exam-engine/attempt/state'
import type { LiveStep } from '@vigie/exam-engine/supervision/liveStep'
import { askedOfPage } from '@vigie/exam-engine/supervision/signals'
import type { Instant } from '@vigie/kernel/instant'

/** What is stored of the live side, as it comes with the attempt's facts; all null for one who has just come. */
export interface LiveFacts {
  readonly step: LiveStep | null
  readonly stepSince: Instant | null
  readonly unpublished: readonly MediaTrack[] | null
}

/** The live side as candidate and proctor both see it. */
export function liveView(live: LiveFacts, state: AttemptState): LiveView {
  return {
    step: live.step ?? 'live',
    stepSince: live.stepSince,
    signals: 'terms' in state ? askedOfPage(state.terms.signals) : [],
    unpublished: [...(live.unpublished ?? [])],
  }
}
