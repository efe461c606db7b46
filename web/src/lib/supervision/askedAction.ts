/** Actions that ask for a coded reason before they are done [SUP-06]. Their words and what they send: asked.ts. */
export type ReasonedAction =
  'warn' | 'hold' | 'objectToEnd' | 'refuse' | 'terminate' | 'closeAsTechnical' | 'reactivate'

/** Actions that open a window before they are done. */
export type AskedAction =
  ReasonedAction | 'ask' | 'handOver' | 'note' | 'flag' | 'addTime' | 'removeTime' | 'resume'
