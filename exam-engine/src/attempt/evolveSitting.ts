import { assertNever } from '@vigie/kernel/assertNever'
import { SECOND } from '@vigie/kernel/instant'
import type { EventOf } from './events.ts'
import { stateIn, type StateIn } from './history.ts'
import type { AttemptState, Draft, Held, Presence, Running, Sitting } from './state.ts'

type SittingEvent = EventOf<
  | 'started'
  | 'answers-saved'
  | 'late-answers-saved'
  | 'answers-announced'
  | 'part-closed'
  | 'end-requested'
  | 'end-withdrawn'
  | 'end-objected'
  | 'hold-requested'
  | 'hold-withdrawn'
  | 'held'
  | 'resumed'
  | 'uncovered'
>

/** The candidate at work: answers, parts, the end, holds. */
export function evolveSitting(state: AttemptState | null, event: SittingEvent): AttemptState {
  const { at } = event
  switch (event.type) {
    case 'started':
      return started(stateIn(state, event, 'unlocked'), event)
    case 'answers-saved': {
      const before = stateIn(state, event, 'running')
      return { ...before, sitting: stored(before.sitting, event) }
    }
    case 'late-answers-saved': {
      const before = stateIn(state, event, 'closed')
      const { number, digest } = event
      const lateAnswers = [...before.lateAnswers, { number, digest, at }]
      return { ...before, sitting: stored(sittingOf(before), event), lateAnswers }
    }
    case 'answers-announced': {
      const before = stateIn(state, event, 'running', 'held', 'closed')
      const sitting = sittingOf(before)
      const announced = Math.max(sitting.draft.announced, event.lastNumber)
      return { ...before, sitting: { ...sitting, draft: { ...sitting.draft, announced } } }
    }
    case 'part-closed': {
      const before = stateIn(state, event, 'running')
      const closed = { partId: event.partId, closedAt: at, number: event.number }
      const closedParts = [...before.sitting.closedParts, closed]
      return { ...before, sitting: { ...before.sitting, closedParts } }
    }
    case 'end-requested': {
      const before = stateIn(state, event, 'running')
      const answerBy = at + before.terms.endAnswerSeconds * SECOND
      return { ...before, endRequest: { askedAt: at, answerBy, objection: null } }
    }
    case 'end-withdrawn':
      return { ...stateIn(state, event, 'running'), endRequest: null }
    case 'end-objected': {
      const before = stateIn(state, event, 'running')
      if (!before.endRequest) throw new Error('corrupt history: end-objected without a request')
      const endRequest = { ...before.endRequest, objection: { ...event.reason, at } }
      return { ...before, endRequest, sitting: { ...before.sitting, endObjected: true } }
    }
    case 'hold-requested': {
      const before = stateIn(state, event, 'running')
      const holdRequest = { reason: event.reason, cause: event.cause, askedAt: at, by: event.by }
      const presence = event.reason.code === 'media-lost' ? mediaAnswered(before.presence) : before.presence
      return { ...before, presence, holdRequest }
    }
    case 'hold-withdrawn': {
      const before = stateIn(state, event, 'running')
      return { ...before, presence: mediaAnswered(before.presence), holdRequest: null }
    }
    case 'held':
      return held(stateIn(state, event, 'running'), event)
    case 'resumed':
      return resumed(stateIn(state, event, 'held'), event)
    case 'uncovered':
      return { ...stateIn(state, event, 'running'), coveredUntil: null }
    default:
      return assertNever(event)
  }
}

function started(before: StateIn<'unlocked'>, event: EventOf<'started'>): Running {
  const { booking, terms, presence, entry, proctorId, checklist } = before
  return {
    status: 'running',
    booking,
    terms,
    presence,
    entry,
    proctorId,
    checklist,
    sitting: {
      startedAt: event.at,
      seed: event.seed,
      parts: event.parts,
      ledger: [],
      proposals: [],
      proposalsMade: 0,
      draft: { number: 0, digest: null, savedAt: null, answeredCount: 0, announced: 0 },
      closedParts: [],
      endObjected: false,
    },
    holdRequest: null,
    endRequest: null,
    coveredUntil: null,
  }
}

function stored(sitting: Sitting, event: EventOf<'answers-saved' | 'late-answers-saved'>): Sitting {
  const draft: Draft = {
    number: event.number,
    digest: event.digest,
    savedAt: event.at,
    answeredCount: event.answeredCount,
    announced: Math.max(sitting.draft.announced, event.number),
    linked: event.stands ? { number: event.number, link: event.stands.link } : sitting.draft.linked,
  }
  return { ...sitting, draft }
}

function sittingOf(state: StateIn<'running' | 'held' | 'closed'>): Sitting {
  if (!state.sitting) throw new Error('corrupt history: answers without a sitting')
  return state.sitting
}

/** What is lost now has been looked at by somebody: it asks for no other hold [ROOM-03]. */
const mediaAnswered = (presence: Presence): Presence => ({
  ...presence,
  lostMedia: presence.lostMedia.map((lost) => ({ ...lost, answered: true })),
})

/** An end that was asked for is asked again after the hold. */
function held(before: Running, event: EventOf<'held'>): Held {
  const { booking, terms, presence, entry, proctorId, checklist, sitting, holdRequest } = before
  const asked = holdRequest ?? { askedAt: event.at, by: event.by }
  return {
    status: 'held',
    booking,
    terms,
    presence,
    entry,
    proctorId,
    checklist,
    sitting,
    hold: { ...asked, reason: event.reason, cause: event.cause, since: event.at },
    since: event.at,
    escalatedAt: null,
  }
}

function resumed(before: Held, event: EventOf<'resumed'>): Running {
  const { booking, terms, entry, proctorId, checklist, sitting } = before
  return {
    status: 'running',
    booking,
    terms,
    presence: { ...mediaAnswered(before.presence), readmission: null },
    entry,
    proctorId,
    checklist,
    sitting,
    holdRequest: null,
    endRequest: null,
    coveredUntil: event.coveredUntil,
  }
}
