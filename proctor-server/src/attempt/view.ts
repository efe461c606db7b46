import type { AttemptLine, AttemptView, LedgerLine, SittingView } from '@vigie/contract/attempt/view'
import { stoppedUntil } from '@vigie/exam-engine/attempt/clock'
import { isUndecided } from '@vigie/exam-engine/attempt/closing'
import { deadlineOf } from '@vigie/exam-engine/attempt/ledger'
import { isReadmissible } from '@vigie/exam-engine/attempt/decideChecking'
import type { AttemptState, Closed, Entry, Presence, Sitting } from '@vigie/exam-engine/attempt/state'
import { freezeTerms, grantedSeconds, NO_ACCOMMODATION, type Terms } from '@vigie/exam-engine/attempt/terms'
import { PHOTO_KINDS, type PhotoKind } from '@vigie/exam-engine/catalog/policy'
import type { Instant } from '@vigie/kernel/instant'
import { liveView } from '../supervision/live/view.ts'
import type { AttemptFacts } from './facts.ts'

/** People are told a first name: enough to be met by somebody, no more (FUN-43). */
export const firstName = (name: string): string => name.split(' ')[0] ?? name

type EntryView = NonNullable<AttemptView['entry']>

function photosView(entry: Pick<Entry, 'photos'>, terms: Terms): EntryView['photos'] {
  const one = (kind: PhotoKind): EntryView['photos'][PhotoKind] => {
    const outcome = entry.photos[kind]
    return {
      rule: terms.photos[kind],
      outcome: outcome?.kind ?? null,
      photo: outcome?.kind === 'taken' ? outcome.photoId : null,
    }
  }
  return Object.fromEntries(PHOTO_KINDS.map((kind) => [kind, one(kind)])) as EntryView['photos']
}

function entryView(state: AttemptState): EntryView | null {
  if (!('entry' in state) || !('terms' in state)) return null
  const { entry, terms } = state
  return {
    information: entry.information?.answer ?? null,
    equipment: entry.equipment?.verdict ?? null,
    nameExact: entry.name?.exact ?? null,
    photos: photosView(entry, terms),
    documents: [...terms.acceptedDocuments],
  }
}

const sealingView = ({ sealing, sitting, closing }: Closed): NonNullable<AttemptView['sealing']> => ({
  awaits: sealing.awaits,
  until: sealing.until,
  undecided: sitting !== null && isUndecided(sitting, closing.cause),
})

function ledgerLines(sitting: Sitting): LedgerLine[] {
  return sitting.ledger.map(({ number, kind, from, to, seconds, authority, reason }) => ({
    number,
    kind,
    from,
    to,
    seconds,
    by: authority.by === 'rule' ? 'rule' : authority.person.role,
    reason: reason.code,
  }))
}

function sittingView(state: AttemptState): SittingView | null {
  if (!('sitting' in state) || !('terms' in state)) return null
  const { sitting, terms } = state
  if (!sitting) return null
  const running = state.status === 'running' ? state : null
  return {
    startedAt: sitting.startedAt,
    deadline: deadlineOf(sitting, terms),
    seed: sitting.seed,
    draft: {
      number: sitting.draft.number,
      savedAt: sitting.draft.savedAt,
      answeredCount: sitting.draft.answeredCount,
      announced: sitting.draft.announced,
    },
    closedParts: sitting.closedParts.map((part) => part.partId),
    ledger: ledgerLines(sitting),
    coveredUntil: running?.coveredUntil ?? null,
    endRequest: running?.endRequest
      ? {
          askedAt: running.endRequest.askedAt,
          answerBy: running.endRequest.answerBy,
          objection: running.endRequest.objection?.code ?? null,
        }
      : null,
    endObjected: sitting.endObjected,
    holdRequested: Boolean(running?.holdRequest),
  }
}

/** Another device has come [ROOM-05]: whether photo 2 is still to be taken again, or only the proctor's word is missing. */
const readmissionOf = (presence: Presence | null, terms: Terms): AttemptView['readmission'] =>
  presence?.readmission ? (isReadmissible(presence, terms) ? 'proctor' : 'photo') : null

function closingView(state: AttemptState): AttemptView['closing'] {
  if (state.status !== 'closed' && state.status !== 'sealed') return null
  const { closing, sitting } = state
  const reason = 'reason' in closing ? closing.reason.code : null
  return { cause: closing.cause, at: closing.at, reason, started: sitting !== null }
}

/** The state as its candidate's page draws it. */
export function attemptView(facts: AttemptFacts, now: Instant): AttemptView {
  const { state } = facts
  const terms =
    'terms' in state ? state.terms : freezeTerms(facts.policy, facts.accommodation ?? NO_ACCOMMODATION)
  const presence = 'presence' in state ? state.presence : null
  return {
    attempt: state.booking.attemptId,
    version: facts.version,
    now,
    status: state.status,
    lease: presence?.lease ?? 0,
    candidate: { name: facts.candidateName },
    certification: facts.certification,
    session: { name: facts.sessionName, banner: facts.banner },
    window: {
      appointmentAt: state.booking.window.appointmentAt,
      opensAt: state.booking.window.opensAt,
      closesAt: state.booking.window.closesAt,
      sessionEndsAt: state.booking.window.sessionEndsAt,
    },
    durationSeconds: grantedSeconds(terms),
    accommodation: terms.accommodation,
    recorded: terms.recorded,
    rehearsal: state.booking.rehearsal ?? false,
    entry: entryView(state),
    queue: state.status === 'waiting' ? { place: facts.queuePlace ?? 1, since: state.since } : null,
    proctorId: 'proctorId' in state ? state.proctorId : null,
    proctor: facts.proctorName ? firstName(facts.proctorName) : null,
    lostMedia: (presence?.lostMedia ?? []).map(({ track, since }) => ({ track, since })),
    readmission: readmissionOf(presence, terms),
    requests: [...facts.requests],
    notices: [...facts.notices],
    live: liveView(facts.live, state),
    sitting: sittingView(state),
    hold:
      state.status === 'held'
        ? { reason: state.hold.reason.code, since: state.hold.since, stoppedUntil: stoppedUntil(state) }
        : null,
    closing: closingView(state),
    sealing: state.status === 'closed' ? sealingView(state) : null,
    sealedAt: state.status === 'sealed' ? state.sealedAt : null,
    // The candidate sees a result when the certification publishes it [ATT-09].
    late:
      state.status === 'sealed' && facts.late ? { ...facts.late, admitted: state.admitted !== null } : null,
    result: state.status === 'sealed' && state.resultPublishedAt !== null ? facts.result : null,
  }
}

export function attemptLine(facts: AttemptFacts, now: Instant, unread: number): AttemptLine {
  const { attempt, status, certification, session, window, durationSeconds, closing, result } = attemptView(
    facts,
    now,
  )
  return { attempt, status, certification, session, window, durationSeconds, closing, result, unread }
}
