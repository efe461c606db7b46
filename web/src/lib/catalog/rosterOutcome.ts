import type { RosterReportLine } from '@vigie/contract/catalog/session'
import { m } from '#lib/paraglide/messages.js'
import type { Tone } from '#lib/ui/tone.ts'

/** What a line of a roster will do, in one look. */
export const ROSTER_OUTCOME: Record<RosterReportLine['outcome'], { tone: Tone; word: () => string }> = {
  'new-account': { tone: 'good', word: m.catalog_outcome_new },
  'known-account': { tone: 'good', word: m.catalog_outcome_known },
  already: { tone: 'neutral', word: m.catalog_outcome_already },
  fault: { tone: 'bad', word: m.catalog_outcome_fault },
}
