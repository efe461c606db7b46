import { SECOND, type Instant } from '@vigie/kernel/instant'
import { deadlineOf } from './ledger.ts'
import type { AttemptState, LostMedia, Preparing, Running } from './state.ts'

/** What time alone brings about, and when [ATT-01]. */
export type Due = {
  readonly at: Instant
  readonly what:
    | 'no-show'
    | 'ceiling'
    | 'deadline'
    | 'session-end'
    | 'end-agreed'
    | 'hold-effect'
    | 'media-hold'
    | 'uncover'
    | 'seal'
}

/** The `due_at` column: when `expire` next has something to do, or null when time alone changes nothing more. */
export const dueAt = (state: AttemptState): Instant | null => nextDue(state)?.at ?? null

/** The first thing that falls due; of two at the same moment, the one that ends more. */
export function nextDue(state: AttemptState): Due | null {
  return duesOf(state).reduce<Due | null>((first, due) => (first && first.at <= due.at ? first : due), null)
}

/** At its deadline, at an end nobody answers, else at the session's end. */
export const isClosing = ({ what }: Due): boolean =>
  what === 'deadline' || what === 'session-end' || what === 'end-agreed'

/** When time alone next closes the attempt [ATT-06]. */
export function closesAt(state: AttemptState): Instant | null {
  const closing = duesOf(state).filter(isClosing)
  return closing.length === 0 ? null : Math.min(...closing.map(({ at }) => at))
}

/** In the order in which they win over each other at the same moment. */
function duesOf(state: AttemptState): Due[] {
  switch (state.status) {
    case 'scheduled':
      return [{ at: state.booking.window.closesAt, what: 'no-show' }]
    case 'preparing':
      return [{ at: entryEndsAt(state), what: 'no-show' }]
    case 'waiting':
    case 'checking':
    case 'unlocked':
    case 'held': {
      const ceiling = state.terms.ceilings[state.status] * SECOND
      return [
        { at: state.booking.window.sessionEndsAt, what: 'session-end' },
        ...(state.escalatedAt === null ? [{ at: state.since + ceiling, what: 'ceiling' } as const] : []),
      ]
    }
    case 'running':
      return runningDues(state)
    case 'closed':
      return [{ at: state.sealing.until, what: 'seal' }]
    case 'sealed':
    case 'no-show':
    case 'refused':
    case 'cancelled':
    case 'voided':
      return []
  }
}

/**
 * Until when a candidate who has entered may reach the queue: never less than the policy's time from their entry,
 * never past the session. Those who came in time are not thrown out for coming late in it [IDN-01].
 */
export function entryEndsAt({ booking, entry, terms }: Preparing): Instant {
  const own = entry.enteredAt + terms.ceilings.preparing * SECOND
  return Math.min(Math.max(booking.window.closesAt, own), booking.window.sessionEndsAt)
}

function runningDues(state: Running): Due[] {
  const { terms, presence, holdRequest, endRequest, coveredUntil } = state
  // Whoever sits has an end of their own: the session's does not cut a clock that was promised [ATT-01.5].
  const dues: Due[] = [{ at: deadlineOf(state.sitting, terms), what: 'deadline' }]
  if (endRequest && !endRequest.objection) dues.push({ at: endRequest.answerBy, what: 'end-agreed' })
  // Away, the page makes contact by connecting; connected, within the policy's seconds [ATT-08].
  if (holdRequest && presence.connected) {
    dues.push({ at: holdRequest.askedAt + terms.holdEffectSeconds * SECOND, what: 'hold-effect' })
  }
  const lost = holdRequest ? null : firstUnanswered(presence.lostMedia)
  if (lost) {
    const since = Math.max(lost.since, state.sitting.startedAt)
    dues.push({ at: since + terms.mediaGraceSeconds * SECOND, what: 'media-hold' })
  }
  if (coveredUntil !== null) dues.push({ at: coveredUntil, what: 'uncover' })
  return dues
}

const firstUnanswered = (lost: readonly LostMedia[]): LostMedia | null =>
  lost
    .filter((media) => !media.answered)
    .reduce<LostMedia | null>((first, media) => (first && first.since <= media.since ? first : media), null)
