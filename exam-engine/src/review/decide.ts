import { assertNever } from '@vigie/kernel/assertNever'
import { DAY } from '@vigie/kernel/instant'
import { ok, refuse, type Result } from '@vigie/kernel/result'
import { isReasonOf, REPLY_DAYS, voids } from './outcomes.ts'
import type {
  Proposal,
  ReviewActor,
  ReviewCommand,
  ReviewCommandType,
  ReviewedAttempt,
  ReviewEvent,
  ReviewRefusalCode,
  ReviewState,
} from './state.ts'

type Decision = Result<readonly ReviewEvent[], ReviewRefusalCode | 'not-permitted'>
type CommandOf<Type extends ReviewCommandType> = Extract<ReviewCommand, { readonly type: Type }>

const SECOND_PERSON: ReadonlySet<Proposal['outcome']> = new Set(['invalid'])

/** Nobody reviews what they proctored, or sat themself [REV-01]. */
const isPartial = (person: string, { candidate, proctors }: ReviewedAttempt): boolean =>
  person === candidate || proctors.some((proctor) => proctor === person)

/**
 * [REV-04] The only judge of a verdict: proposed by one, « invalid » confirmed by a second; whatever is not « valid » is
 * told to the candidate, who answers or lets the delay pass before it is final. No event means that it is already so.
 */
export function decideReview(command: ReviewCommand, state: ReviewState): Decision {
  const refusal = whoMay(command.type, command.by, command.about)
  if (refusal) return refuse(refusal)
  const happened = { at: command.now, by: command.by }
  switch (command.type) {
    case 'assign':
      if (command.to && isPartial(command.to, command.about)) return refuse('review-own-candidate')
      return ok(state.assignee === command.to ? [] : [{ ...happened, type: 'assigned', to: command.to }])
    case 'propose':
      return propose(command, state)
    case 'withdraw':
      if (state.status !== 'proposed') return refuse('verdict-not-proposed')
      if (state.proposal.by !== command.by.id) return refuse('not-permitted')
      return ok([{ ...happened, type: 'withdrawn' }])
    case 'confirm':
      if (state.status !== 'proposed') return refuse('verdict-not-proposed')
      if (state.proposal.by === command.by.id) return refuse('verdict-second-person')
      return ok([{ ...happened, type: 'confirmed' }, told(command)])
    case 'turnDown':
      if (state.status !== 'proposed') return refuse('verdict-not-proposed')
      if (state.proposal.by === command.by.id) return refuse('verdict-second-person')
      return ok([{ ...happened, type: 'turned-down', note: command.note }])
    case 'reply':
      if (state.status === 'final') return refuse('verdict-final')
      if (state.status !== 'answering') return refuse('verdict-not-told')
      if (state.reply) return refuse('verdict-replied')
      return ok([{ ...happened, type: 'replied', text: command.text }])
    case 'uphold':
      return uphold(command, state)
    case 'drop':
      if (state.status !== 'answering') return refuse('verdict-not-told')
      return ok([{ ...happened, type: 'dropped', note: command.note }])
    case 'reopen':
      if (state.status !== 'final') return refuse('verdict-not-final')
      // The attempt is void and another may stand in its place: that is not undone here.
      if (voids(state.proposal.outcome)) return refuse('verdict-voided')
      return ok([{ ...happened, type: 'reopened', reason: command.reason }])
    default:
      return assertNever(command)
  }
}

function whoMay(
  type: ReviewCommandType,
  by: ReviewActor,
  about: ReviewedAttempt,
): ReviewRefusalCode | 'not-permitted' | null {
  if (type === 'reply') return by.role === 'candidate' && by.id === about.candidate ? null : 'not-permitted'
  if (by.role !== 'reviewer') return 'not-permitted'
  return isPartial(by.id, about) ? 'review-own-candidate' : null
}

const told = ({ now, by }: ReviewCommand): ReviewEvent => ({
  at: now,
  by,
  type: 'candidate-told',
  replyUntil: now + REPLY_DAYS * DAY,
})

function propose(command: CommandOf<'propose'>, state: ReviewState): Decision {
  const { now: at, by, about, outcome, reasons, facts, moments } = command
  if (state.status === 'final') return refuse('verdict-final')
  if (state.status !== 'open') return refuse('verdict-proposed')
  if (state.assignee && state.assignee !== by.id) return refuse('review-assigned-elsewhere')
  if (!about.over || (voids(outcome) && !about.voidable)) return refuse('review-too-early')
  const fit = reasons.every((reason) => isReasonOf(outcome, reason))
  if (!fit || (outcome !== 'valid' && reasons.length === 0)) return refuse('verdict-reasons')
  if (outcome !== 'valid' && facts.trim() === '') return refuse('verdict-facts')
  const proposed: ReviewEvent = {
    at,
    by,
    type: 'proposed',
    proposal: { outcome, reasons, facts, moments, by: by.id, at },
  }
  if (outcome === 'valid') return ok([proposed, { at, by, type: 'concluded', remedy: null }])
  return ok(SECOND_PERSON.has(outcome) ? [proposed] : [proposed, told(command)])
}

function uphold(command: CommandOf<'uphold'>, state: ReviewState): Decision {
  const { now: at, by, about, remedy } = command
  if (state.status === 'final') return refuse('verdict-final')
  if (state.status !== 'answering') return refuse('verdict-not-told')
  if (!state.reply && at < state.replyUntil) return refuse('verdict-reply-pending')
  const { outcome } = state.proposal
  if (SECOND_PERSON.has(outcome) && state.proposal.by === by.id) return refuse('verdict-second-person')
  if (voids(outcome) ? remedy === null : remedy !== null) return refuse('verdict-remedy')
  if (remedy?.kind === 'refund' && about.slotsRemain) return refuse('verdict-slots-remain')
  if (voids(outcome) && !about.voidable) return refuse('review-too-early')
  return ok([{ at, by, type: 'concluded', remedy }])
}
