import type { AttemptView } from '@vigie/contract/attempt/view'
import { followUp, type FollowUp } from '@vigie/exam-engine/review/result'
import type { TechnicalReason, TerminateReason } from '@vigie/exam-engine/supervision/reasons'
import { m } from '#lib/paraglide/messages.js'

type Told = Pick<NonNullable<AttemptView['closing']>, 'cause' | 'reason' | 'started'>

const because = (reason: () => string) => () => m.attempt_ended_terminated_for({ reason: reason() })

const TERMINATED: Readonly<Record<TerminateReason, () => string>> = {
  'help-from-another-person': because(m.attempt_ended_for_help),
  'forbidden-device': because(m.attempt_ended_for_device),
  'forbidden-material': because(m.attempt_ended_for_material),
  'left-the-room': because(m.attempt_ended_for_left),
  impersonation: because(m.attempt_ended_for_impersonation),
  'not-cooperating': because(m.attempt_ended_for_cooperation),
  'candidate-gave-up': m.attempt_ended_gave_up,
}

const TECHNICAL: Readonly<Record<TechnicalReason, () => string>> = {
  'platform-failure': m.attempt_ended_platform,
  'candidate-connection': m.attempt_ended_connection,
  'candidate-equipment': m.attempt_ended_equipment,
  'interruption-of-the-session': m.attempt_ended_interrupted,
  'session-ended': m.attempt_ended_session,
}

const FOLLOWS: Readonly<Record<FollowUp, () => string>> = {
  result: m.attempt_ended_result_text,
  facts: m.attempt_ended_facts_text,
  incident: m.attempt_ended_incident_text,
  decision: m.attempt_ended_decision_text,
}

/** The words of a reason; a server that is newer than this page may give one that has none here. */
const ofReason = <Code extends string>(
  words: Readonly<Record<Code, () => string>>,
  reason: string | null,
  otherwise: () => string,
): string => (reason !== null && Object.hasOwn(words, reason) ? words[reason as Code] : otherwise)()

/** What happened, for the person it happened to [ATT-09.3]. */
export function closedWords({ cause, reason }: Told): string {
  switch (cause) {
    case 'submitted':
      return m.attempt_ended_submitted()
    case 'time-out':
      return m.attempt_ended_time_out()
    case 'terminated':
      return ofReason(TERMINATED, reason, m.attempt_ended_terminated)
    case 'technical':
      return ofReason(TECHNICAL, reason, m.attempt_ended_technical)
  }
}

/** A server of before does not tell whether the exam was started: it nearly always was. */
const wasStarted = ({ started }: Told): boolean => started ?? true

/** What is safe. `savedUntil`: the moment of the last stored save in words, null when there is none. */
export function keptWords(closing: Told, savedUntil: string | null): string {
  if (!wasStarted(closing)) return m.attempt_ended_unstarted()
  if (savedUntil === null) return m.attempt_ended_kept_none()
  const counts = followUp(closing.cause, closing.reason) === 'result'
  return (counts ? m.attempt_ended_kept_counts : m.attempt_ended_kept)({ time: savedUntil })
}

/** What follows, and no more than the rules promise. */
export const followWords = ({ cause, reason }: Told): string => FOLLOWS[followUp(cause, reason)]()

/** In the place of a result that is not there. */
export function resultToComeWords(closing: Told | null): string {
  if (closing && !wasStarted(closing)) return m.attempt_result_none()
  if (closing && followUp(closing.cause, closing.reason) !== 'result')
    return m.attempt_result_after_decision()
  return m.attempt_result_later()
}
