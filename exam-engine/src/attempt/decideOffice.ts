import { assertNever } from '@vigie/kernel/assertNever'
import { ok, refuse } from '@vigie/kernel/result'
import type { CommandOf, OfficeCommand } from './commands.ts'
import { happening, type Decision } from './decision.ts'
import { stateIn } from './history.ts'
import { PERMITTED } from './permitted.ts'
import type { AttemptState } from './state.ts'
import type { EntryWindow } from './window.ts'

/** The one command that needs no attempt: it makes it [ADM-01]. */
export function decideSchedule(command: CommandOf<'schedule'>): Decision {
  if (!PERMITTED.schedule[command.by.role]) return refuse({ code: 'not-permitted' })
  if (!isSound(command.booking.window)) return refuse({ code: 'window-invalid' })
  return ok([{ type: 'scheduled', ...happening(command), booking: command.booking }])
}

/** Booking before the day, certification after it. */
export function decideOffice(
  command: Exclude<OfficeCommand, CommandOf<'schedule'>>,
  state: AttemptState,
): Decision {
  const happened = happening(command)
  switch (command.type) {
    case 'reschedule':
      if (!isSound(command.window)) return refuse({ code: 'window-invalid' })
      return ok([{ type: 'rescheduled', ...happened, window: command.window }])
    case 'extendSession':
      if (command.sessionEndsAt <= state.booking.window.sessionEndsAt)
        return refuse({ code: 'session-not-extended' })
      return ok([{ type: 'session-extended', ...happened, sessionEndsAt: command.sessionEndsAt }])
    case 'cancel':
      return ok([{ type: 'cancelled', ...happened, reason: command.reason }])
    case 'void':
      return ok([{ type: 'voided', ...happened, reason: command.reason, replacedBy: command.replacedBy }])
    case 'publishResult': {
      const { sitting, resultPublishedAt } = stateIn(state, command, 'sealed')
      if (!sitting) return refuse({ code: 'never-started' })
      return resultPublishedAt === null ? ok([{ type: 'result-published', ...happened }]) : ok([])
    }
    case 'admitLateAnswers': {
      const { sitting } = stateIn(state, command, 'sealed')
      if (!sitting) return refuse({ code: 'never-started' })
      const { number, digest, answeredCount, reason } = command
      return ok([{ type: 'late-answers-admitted', ...happened, number, digest, answeredCount, reason }])
    }
    default:
      return assertNever(command)
  }
}

const isSound = ({ opensAt, appointmentAt, closesAt, sessionEndsAt }: EntryWindow): boolean =>
  opensAt <= appointmentAt && appointmentAt < closesAt && closesAt <= sessionEndsAt
