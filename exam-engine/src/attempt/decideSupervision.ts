import { assertNever } from '@vigie/kernel/assertNever'
import { SECOND } from '@vigie/kernel/instant'
import { ok, refuse } from '@vigie/kernel/result'
import { HOLD_CAUSE } from '../supervision/reasons.ts'
import { closingEvents } from './closing.ts'
import type { CommandOf, SupervisionCommand } from './commands.ts'
import { isReadmissible } from './decideChecking.ts'
import { decideProposal, decideReactivate, decideTime } from './decideCredit.ts'
import { happening, type Decision } from './decision.ts'
import { afterEntries, holdCredit } from './fairTime.ts'
import { stateIn, type StateIn } from './history.ts'
import { deadlineOf } from './ledger.ts'
import type { AttemptState } from './state.ts'

/** What proctors and leads do to a sitting [SUP-06]. */
export function decideSupervision(command: SupervisionCommand, state: AttemptState): Decision {
  const happened = happening(command)
  switch (command.type) {
    case 'agreeToEnd': {
      const before = stateIn(state, command, 'running')
      if (!before.endRequest) return refuse({ code: 'end-not-requested' })
      return ok(closingEvents(before, { ...happened, cause: 'submitted', agreement: 'proctor' }))
    }
    case 'objectToEnd': {
      const { endRequest, sitting } = stateIn(state, command, 'running')
      if (!endRequest) return refuse({ code: 'end-not-requested' })
      if (sitting.endObjected) return refuse({ code: 'already-objected' })
      return ok([{ type: 'end-objected', ...happened, reason: command.reason }])
    }
    case 'hold': {
      if (stateIn(state, command, 'running').holdRequest) return refuse({ code: 'hold-pending' })
      const cause = HOLD_CAUSE[command.reason.code]
      return ok([{ type: 'hold-requested', ...happened, reason: command.reason, cause }])
    }
    case 'resume':
      return decideResume(command, stateIn(state, command, 'running', 'held'))
    case 'terminate': {
      const before = stateIn(state, command, 'running', 'held')
      return ok(closingEvents(before, { ...happened, cause: 'terminated', reason: command.reason }))
    }
    case 'closeAsTechnical': {
      const before = stateIn(state, command, 'waiting', 'checking', 'unlocked', 'running', 'held')
      return ok(closingEvents(before, { ...happened, cause: 'technical', reason: command.reason }))
    }
    case 'addTime':
    case 'removeTime':
      return decideTime(command, state)
    case 'answerProposal':
      return decideProposal(command, stateIn(state, command, 'running', 'held', 'closed'))
    case 'reactivate':
      return decideReactivate(command, stateIn(state, command, 'closed', 'sealed'))
    default:
      return assertNever(command)
  }
}

/** Time runs again at once, under cover for a few seconds, which the hold's credit includes [ATT-07]. */
function decideResume(command: CommandOf<'resume'>, before: StateIn<'running' | 'held'>): Decision {
  const happened = happening(command)
  if (before.status === 'running') {
    return before.holdRequest ? ok([{ type: 'hold-withdrawn', ...happened }]) : refuse({ code: 'not-held' })
  }
  if (!isReadmissible(before.presence, before.terms)) return refuse({ code: 'readmission-pending' })
  const coveredUntil = command.now + before.terms.resumeCoverSeconds * SECOND
  const credit = holdCredit(before, happened, coveredUntil, command.credit)
  const { sitting, terms } = afterEntries(before, credit)
  // Resuming into a deadline already past would close the exam by a machine [ROOM-03].
  if (deadlineOf(sitting, terms) <= coveredUntil) return refuse({ code: 'no-time-left' })
  return ok([...credit, { type: 'resumed', ...happened, coveredUntil }])
}
