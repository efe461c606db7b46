/** What the proctor verifies before the unlock, in the order of the console [SUP-03] (FUN-44). */
export const CHECKLIST_ITEMS = [
  'exam-name',
  'identity',
  'one-screen',
  'open-programs',
  'room-scan',
  'screen-edges',
  'devices-away',
] as const
export type ChecklistItem = (typeof CHECKLIST_ITEMS)[number]

export const CHECKLIST_MARKS = ['ok', 'not-ok', 'not-applicable'] as const
export type ChecklistMark = (typeof CHECKLIST_MARKS)[number]

/** What a policy asks of an item: `compulsory` must be ok or not applicable before the unlock, `off` is not shown. */
export const CHECKLIST_RULES = ['compulsory', 'optional', 'off'] as const
export type ChecklistRule = (typeof CHECKLIST_RULES)[number]
