import { assertNever } from '@vigie/kernel/assertNever'
import { ok, refuse } from '@vigie/kernel/result'
import { closingEvents, isComplete, sealedEvent, takesAll } from './closing.ts'
import type { CommandOf, SittingCommand } from './commands.ts'
import { mayAnnounce } from './decidePresence.ts'
import { happening, type Decision } from './decision.ts'
import type { AttemptEvent, EventOf } from './events.ts'
import { evolve } from './evolve.ts'
import { heldByContact } from './holds.ts'
import { stateIn, type StateIn } from './history.ts'
import type { AttemptRefusal } from './refusals.ts'
import { deadlineOf } from './ledger.ts'
import type { SaveFault, SaveLink } from './saveLink.ts'
import type { AttemptState, Closed, Running } from './state.ts'

/** The candidate at work [ATT-04…08]. */
export function decideSitting(command: SittingCommand, state: AttemptState): Decision {
  switch (command.type) {
    case 'start':
      return ok([started(command, stateIn(state, command, 'unlocked'))])
    case 'save':
      return decideSave(command, stateIn(state, command, 'running', 'held', 'closed', 'sealed'))
    case 'announceAnswers': {
      const { lastNumber } = command
      if (mayAnnounce(state, command)) {
        return ok([{ type: 'answers-announced', ...happening(command), lastNumber }])
      }
      const { sitting } = stateIn(state, command, 'running', 'held', 'closed')
      return sitting && lastNumber <= sitting.draft.announced ? ok([]) : refuse({ code: 'closed' })
    }
    case 'closePart':
    case 'requestEnd':
    case 'withdrawEnd':
    case 'insistOnEnd':
      return decideRunning(command, stateIn(state, command, 'running'))
    case 'acknowledgeHold': {
      const before = stateIn(state, command, 'running', 'held')
      // The hold took effect by an earlier contact: the page is only late in saying so.
      if (before.status === 'held') return ok([])
      return before.holdRequest ? ok(heldByContact(before, happening(command))) : refuse({ code: 'not-held' })
    }
    default:
      return assertNever(command)
  }
}

function started(command: CommandOf<'start'>, { terms }: StateIn<'unlocked'>): AttemptEvent {
  const { seed, parts, now } = command
  const deadline = deadlineOf({ startedAt: now, ledger: [] }, terms)
  return { type: 'started', ...happening(command), seed, parts, deadline }
}

function decideRunning(
  command: CommandOf<'closePart' | 'requestEnd' | 'withdrawEnd' | 'insistOnEnd'>,
  before: Running,
): Decision {
  const happened = happening(command)
  const { sitting, endRequest } = before
  switch (command.type) {
    case 'closePart': {
      const { partId } = command
      if (!sitting.parts.includes(partId)) return refuse({ code: 'part-unknown' })
      if (sitting.closedParts.some((closed) => closed.partId === partId)) return ok([])
      const missing = answersMissing(before, command.lastNumber)
      if (missing) return refuse(missing)
      return ok([{ type: 'part-closed', ...happened, partId, number: sitting.draft.number }])
    }
    case 'requestEnd': {
      if (endRequest) return refuse({ code: 'end-already-requested' })
      const missing = answersMissing(before, command.lastNumber)
      return missing ? refuse(missing) : ok([{ type: 'end-requested', ...happened }])
    }
    case 'withdrawEnd':
      return endRequest ? ok([{ type: 'end-withdrawn', ...happened }]) : refuse({ code: 'end-not-requested' })
    case 'insistOnEnd': {
      if (!endRequest) return refuse({ code: 'end-not-requested' })
      if (!endRequest.objection) return refuse({ code: 'not-objected' })
      const missing = answersMissing(before, command.lastNumber)
      if (missing) return refuse(missing)
      return ok(closingEvents(before, { ...happened, cause: 'submitted', agreement: 'insisted' }))
    }
    default:
      return assertNever(command)
  }
}

const answersMissing = ({ sitting }: Running, lastNumber: number): AttemptRefusal | null =>
  lastNumber > sitting.draft.number ? { code: 'answers-missing', storedNumber: sitting.draft.number } : null

/** [ATT-04] What is stored is acknowledged again in every status: a lost acknowledgement must not look like a loss. */
function decideSave(
  command: CommandOf<'save'>,
  before: StateIn<'running' | 'held' | 'closed' | 'sealed'>,
): Decision {
  const { number, lease, digest, answeredCount } = command
  if (number <= (before.sitting?.draft.number ?? 0)) return ok([])
  const stands = standsOn(command, before.sitting?.draft.linked)
  const saved = { ...happening(command), number, lease, digest, answeredCount, ...stands }
  switch (before.status) {
    case 'running':
      return ok([{ type: 'answers-saved', ...saved }])
    case 'held':
      return refuse({ code: 'held' })
    case 'sealed':
      return refuse({ code: 'sealed' })
    case 'closed':
      return decideLateSave({ type: 'late-answers-saved', ...saved }, before)
    default:
      return assertNever(before)
  }
}

/**
 * [EVD-04.4] A page stands on the last save of which it has an acknowledgement: mostly the newest there is, an earlier one
 * when acknowledgements were lost. A break is kept with its code and refuses nothing: the answers are the candidate's.
 */
function standsOn(
  { chained }: CommandOf<'save'>,
  linked: SaveLink | undefined,
): Pick<EventOf<'answers-saved'>, 'stands'> {
  if (!chained) return {}
  const { previous, link } = chained
  const stands = { on: previous?.number ?? 0, link }
  const fault = previous && faultOf(previous, linked)
  return { stands: fault ? { ...stands, fault } : stands }
}

/** What can be said at once; what stands on an earlier save is compared when the record is verified. */
function faultOf(previous: SaveLink, linked: SaveLink | undefined): SaveFault | null {
  if (!linked || previous.number > linked.number) return 'unknown'
  return previous.number === linked.number && previous.link !== linked.link ? 'differs' : null
}

/** [ATT-06] Late answers count while they are waited for; the last one seals. */
function decideLateSave(
  saved: Extract<AttemptEvent, { type: 'late-answers-saved' }>,
  before: Closed,
): Decision {
  const { sitting } = before
  if (!sitting) return refuse({ code: 'never-started' })
  if (saved.number > sitting.draft.announced && !takesAll(before, saved.at)) return refuse({ code: 'closed' })
  const after = evolve(before, saved)
  if (after.status !== 'closed' || !isComplete(after)) return ok([saved])
  return ok([saved, sealedEvent(after.sitting, { at: saved.at, by: saved.by })])
}
