import { assertNever } from '@vigie/kernel/assertNever'
import { SECOND } from '@vigie/kernel/instant'
import { ok, refuse } from '@vigie/kernel/result'
import { isComplete, sealedEvent, takesAll } from './closing.ts'
import type { CommandOf, PresenceCommand } from './commands.ts'
import { reopeningRefusal } from './decideCredit.ts'
import { happening, leaseRefusal, type Decision, type Happening } from './decision.ts'
import type { AttemptEvent } from './events.ts'
import { evolve } from './evolve.ts'
import { creditProposed, plainReason } from './fairTime.ts'
import { isIn, stateIn, type StateIn } from './history.ts'
import type { AttemptState } from './state.ts'

type WithPage = StateIn<'preparing' | 'waiting' | 'checking' | 'unlocked' | 'running' | 'held' | 'closed'>

const WITH_PAGE = ['preparing', 'waiting', 'checking', 'unlocked', 'running', 'held', 'closed'] as const

/** Facts about the candidate's page: which one, connected or not, camera, microphone and screen. */
export function decidePresence(command: PresenceCommand, state: AttemptState): Decision {
  if (isIn(state, 'sealed')) return ok([])
  const before = stateIn(state, command, ...WITH_PAGE)
  const { presence } = before
  if (command.type === 'takeLease') return takeover(command, before)

  const stale = leaseRefusal(presence, command.lease)
  // The old socket of a page that was taken over goes away: nobody's fact any more.
  if (stale) return command.type === 'disconnected' ? ok([]) : refuse(stale)

  const happened = happening(command)
  switch (command.type) {
    case 'connected':
      return ok(connection(command, before))
    case 'disconnected':
      return ok(presence.connected ? [{ type: 'disconnected', ...happened, lease: command.lease }] : [])
    case 'mediaLost': {
      const known = presence.lostMedia.some(({ track }) => track === command.track)
      return ok(known ? [] : [{ type: 'media-lost', ...happened, track: command.track }])
    }
    case 'mediaBack': {
      const known = presence.lostMedia.some(({ track }) => track === command.track)
      return ok(known ? [{ type: 'media-back', ...happened, track: command.track }] : [])
    }
    default:
      return assertNever(command)
  }
}

/**
 * [ROOM-05] The same browser goes on at once; another device has to be readmitted by a proctor. Once closed nothing goes
 * on elsewhere: only the browser that was closed can bring answers, or say that it has none [ATT-06].
 */
function takeover(command: CommandOf<'takeLease'>, before: WithPage): Decision {
  const happened = happening(command)
  const device = command.profile === before.presence.profile ? 'same' : 'other'
  const lease = before.presence.lease + 1
  const taken: AttemptEvent = { type: 'lease-taken', ...happened, lease, profile: command.profile, device }
  if (device === 'same') return ok([taken])

  const readmission: AttemptEvent = { type: 'readmission-asked', ...happened }
  switch (before.status) {
    case 'preparing':
      return ok([taken])
    case 'closed':
      return refuse({ code: 'closed' })
    case 'waiting':
    case 'held':
      return ok([taken, readmission])
    case 'checking':
    case 'unlocked': {
      const reason = { code: 'takeover', note: null } as const
      return ok([taken, { type: 'released', ...happened, proctorId: before.proctorId, reason }, readmission])
    }
    case 'running': {
      // A hold already asked for keeps its reason: the candidate does not pay for a device that failed meanwhile.
      const { reason, cause } = before.holdRequest ?? {
        reason: plainReason('takeover'),
        cause: 'candidate' as const,
      }
      return ok([taken, readmission, { type: 'held', ...happened, reason, cause }])
    }
    default:
      return assertNever(before)
  }
}

function connection(command: CommandOf<'connected'>, before: WithPage): AttemptEvent[] {
  const happened = happening(command)
  const events: AttemptEvent[] = []
  if (!before.presence.connected) {
    events.push({ type: 'connected', ...happened, lease: command.lease }, ...ownOutage(before, happened))
  }
  if (mayAnnounce(before, command)) {
    events.push({ type: 'answers-announced', ...happened, lastNumber: command.lastNumber })
  }
  const after = events.reduce<AttemptState>(evolve, before)
  if (after.status === 'closed' && isComplete(after)) events.push(sealedEvent(after.sitting, happened))
  return events
}

/** After a closing that saw the page connected, or once the grace is over, it can announce nothing more [ATT-06]. */
export function mayAnnounce(
  state: AttemptState,
  { lastNumber, now }: { readonly lastNumber: number; readonly now: number },
): boolean {
  if (!isIn(state, 'running', 'held', 'closed') || !state.sitting) return false
  if (state.status === 'closed' && !takesAll(state, now)) return false
  return lastNumber > state.sitting.draft.announced
}

/** The candidate's own cut is put before the proctor, when it was long enough to matter [TIM-02]. */
function ownOutage(before: WithPage, happened: Happening): AttemptEvent[] {
  const to = cutEnds(before, happened)
  if (to === null || !('sitting' in before) || !before.sitting) return []
  const { sitting, terms } = before
  const from = Math.max(before.presence.connectedSince, sitting.startedAt)
  if (to - from < terms.proposalFloorSeconds * SECOND) return []
  const reason = plainReason('candidate-connection')
  return creditProposed({ sitting, terms }, happened, { kind: 'candidate-outage', from, to, reason })
}

/** Until when a cut that is over took time from the exam; null where a proctor can give none back. */
function cutEnds(before: WithPage, { at }: Happening): number | null {
  switch (before.status) {
    case 'running':
      return at
    case 'held':
      // What lies within a hold is the hold's to credit.
      return before.hold.since
    case 'closed':
      return reopeningRefusal(before, at) ? null : before.closing.at
    default:
      return null
  }
}
