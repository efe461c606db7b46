import type { CaseView } from '@vigie/contract/supervision/view'

type Checklist = NonNullable<CaseView['checklist']>
export type ChecklistLineView = Checklist['items'][number]

/** The compulsory items that still keep the password locked: neither ok nor not applicable [SUP-03]. */
export const compulsoryLeft = (checklist: CaseView['checklist']): ChecklistLineView[] =>
  (checklist?.items ?? []).filter(
    ({ rule, mark }) => rule === 'compulsory' && mark !== 'ok' && mark !== 'not-applicable',
  )

/** Whether « Saisir le mot de passe » has its conditions, as far as the checklist is concerned. */
export const isComplete = (checklist: CaseView['checklist']): boolean =>
  checklist !== null && compulsoryLeft(checklist).length === 0
