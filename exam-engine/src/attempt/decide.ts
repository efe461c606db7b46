import { assertNever } from '@vigie/kernel/assertNever'
import { ok, refuse } from '@vigie/kernel/result'
import type { AttemptCommand } from './commands.ts'
import { decideChecking } from './decideChecking.ts'
import { decideEntry } from './decideEntry.ts'
import { decideEvidence } from './decideEvidence.ts'
import { decideOffice, decideSchedule } from './decideOffice.ts'
import { decidePresence } from './decidePresence.ts'
import { decideSitting } from './decideSitting.ts'
import { decideSupervision } from './decideSupervision.ts'
import { decideOutage, whatIsDue } from './decideTime.ts'
import { happening, leaseRefusal, type Decision } from './decision.ts'
import type { AttemptEvent } from './events.ts'
import { evolve } from './evolve.ts'
import { heldByContact } from './holds.ts'
import { permit } from './permitted.ts'
import type { AttemptRefusal } from './refusals.ts'
import type { AttemptState } from './state.ts'

/**
 * The only judge of an attempt: what a command leads to. `state` is null when there is no attempt yet.
 *
 * Whatever time has brought about by `command.now` comes first, in the same answer, so that no command is judged on a
 * deadline already past; only an `outage` goes before it, because it moves deadlines [TIM-02]. A refusal changes
 * nothing: what was due then stays due, for `expire`. No event means that it is already so: acknowledge it again.
 */
export function decide(command: AttemptCommand, state: AttemptState | null): Decision {
  if (!state)
    return command.type === 'schedule' ? decideSchedule(command) : refuse({ code: 'attempt-unknown' })

  const due = command.type === 'outage' ? [] : whatIsDue(state, command.now, command.unseen)
  const current = due.reduce<AttemptState>(evolve, state)
  const refusal = permit(command, current) ?? refusedPage(command, current)
  if (refusal) return refuse(refusal)
  const decision = decidePermitted(command, current)
  if (!decision.ok) return decision
  return ok([...due, ...decision.value, ...contact(command, current, decision.value)])
}

function decidePermitted(command: AttemptCommand, state: AttemptState): Decision {
  switch (command.type) {
    case 'schedule':
      throw new Error('unreachable: schedule is permitted in no status')
    case 'reschedule':
    case 'extendSession':
    case 'cancel':
    case 'void':
    case 'publishResult':
    case 'admitLateAnswers':
      return decideOffice(command, state)
    case 'enter':
    case 'acknowledgeInformation':
    case 'refuseInformation':
    case 'recordEquipment':
    case 'confirmName':
    case 'recordPhoto':
    case 'skipPhoto':
    case 'join':
      return decideEntry(command, state)
    case 'takeLease':
    case 'connected':
    case 'disconnected':
    case 'mediaLost':
    case 'mediaBack':
      return decidePresence(command, state)
    case 'take':
    case 'release':
    case 'handOver':
    case 'tick':
    case 'unlock':
    case 'lock':
    case 'refuse':
      return decideChecking(command, state)
    case 'start':
    case 'save':
    case 'announceAnswers':
    case 'closePart':
    case 'requestEnd':
    case 'withdrawEnd':
    case 'insistOnEnd':
    case 'acknowledgeHold':
      return decideSitting(command, state)
    case 'agreeToEnd':
    case 'objectToEnd':
    case 'hold':
    case 'resume':
    case 'addTime':
    case 'removeTime':
    case 'answerProposal':
    case 'terminate':
    case 'closeAsTechnical':
    case 'reactivate':
      return decideSupervision(command, state)
    case 'outage':
      return decideOutage(command, state)
    case 'expire':
      return ok([])
    case 'keepText':
    case 'setAnswersAside':
    case 'attestStreams':
      return decideEvidence(command)
    default:
      return assertNever(command)
  }
}

/** Facts of a page that was taken over are judged where they are decided: some are simply nobody's any more. */
function refusedPage(command: AttemptCommand, state: AttemptState): AttemptRefusal | null {
  if (command.type === 'connected' || command.type === 'disconnected') return null
  return 'lease' in command && 'presence' in state ? leaseRefusal(state.presence, command.lease) : null
}

/** [ATT-08] A hold takes effect when the page acknowledges it, at the latest at its next contact. */
function contact(
  command: AttemptCommand,
  before: AttemptState,
  events: readonly AttemptEvent[],
): AttemptEvent[] {
  const fromPage =
    command.type === 'connected' || (command.by.role === 'candidate' && command.type !== 'disconnected')
  if (!fromPage || before.status !== 'running' || !before.holdRequest) return []
  const after = events.reduce<AttemptState>(evolve, before)
  return after.status === 'running' ? heldByContact(after, happening(command)) : []
}
