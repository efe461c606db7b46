import type { CaseView } from '@vigie/contract/supervision/view'
import type { BulkAction, SupervisionAction } from '@vigie/exam-engine/supervision/actions'

/** Whom an action on all would reach: those shown for whom it exists now. */
export const reached = (
  shown: readonly CaseView[],
  action: BulkAction,
  may: (one: CaseView, action: SupervisionAction) => boolean,
): CaseView[] => shown.filter((one) => may(one, action))
