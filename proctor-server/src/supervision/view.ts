import type { AttemptView } from '@vigie/contract/attempt/view'
import type { CaseView } from '@vigie/contract/supervision/view'
import { actionsIn } from '@vigie/exam-engine/supervision/actions'
import { CHECKLIST_ITEMS } from '@vigie/exam-engine/supervision/checklist'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import type { AttemptFacts } from '../attempt/facts.ts'
import type { CaseFacts } from './store.ts'

function checklistView(state: AttemptState, texts: CaseFacts['texts']): CaseView['checklist'] {
  if (!('checklist' in state) || !('terms' in state) || !state.checklist) return null
  const { checklist, terms } = state
  return {
    version: checklist.version,
    items: CHECKLIST_ITEMS.filter((item) => terms.checklist[item] !== 'off').map((item) => {
      const ticked = checklist.items[item]
      return {
        item,
        rule: terms.checklist[item],
        mark: ticked?.mark ?? null,
        note: ticked?.note ? (texts.get(ticked.note) ?? null) : null,
      }
    }),
  }
}

/** When the status began, for « how long » on a tile. */
function sinceOf(state: AttemptState): number {
  if ('since' in state) return state.since
  switch (state.status) {
    case 'preparing':
      return state.entry.enteredAt
    case 'running':
      return state.sitting.startedAt
    case 'closed':
      return state.closing.at
    case 'sealed':
      return state.sealedAt
    case 'scheduled':
      return state.booking.window.appointmentAt
    default:
      return state.at
  }
}

/**
 * The same for a colleague, who may not read history and timeline either: what a proctor wrote down or said in confidence
 * is left out, what shows who is where stays [SUP-02].
 */
export const forColleagues = (one: CaseView): CaseView => ({
  ...one,
  view: {
    ...one.view,
    // Another proctor's first name is no confidence.
    notices: one.view.notices.map((notice) => (notice.kind === 'proctor' ? notice : { ...notice, text: '' })),
  },
  checklist: one.checklist && {
    ...one.checklist,
    items: one.checklist.items.map((item) => ({ ...item, note: null })),
  },
  handover: one.handover && { ...one.handover, note: null },
})

/** One case as every console of its session draws it: one picture for all, each reads the column of its own role. */
export function caseView(facts: AttemptFacts, view: AttemptView, more: CaseFacts): CaseView {
  const { state } = facts
  const presence = 'presence' in state ? state.presence : null
  const accommodation = 'terms' in state ? state.terms.accommodation : null
  return {
    view,
    session: facts.sessionId,
    proctorId: 'proctorId' in state ? state.proctorId : null,
    connected: presence?.connected ?? false,
    connectedSince: presence?.connectedSince ?? null,
    since: sinceOf(state),
    escalatedAt: 'escalatedAt' in state ? state.escalatedAt : null,
    maximumCaseload: 'terms' in state ? state.terms.maximumCaseload : null,
    checklist: checklistView(state, more.texts),
    accommodation,
    proposals:
      'sitting' in state && state.status !== 'sealed'
        ? (state.sitting?.proposals ?? []).map(({ number, kind, seconds, reason }) => ({
            number,
            kind,
            seconds,
            reason: reason.code,
          }))
        : [],
    handover: more.handover,
    unread: more.unread,
    wroteAt: more.wroteAt,
    flags: more.flags,
    live: more.live,
    actions: { proctor: actionsIn(state, 'proctor'), lead: actionsIn(state, 'lead') },
  }
}
