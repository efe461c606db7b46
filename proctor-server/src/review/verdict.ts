import type { VerdictStep } from '@vigie/contract/review/verdict'
import { attemptId, personId, type PersonId } from '@vigie/exam-engine/attempt/ids'
import { PERMITTED } from '@vigie/exam-engine/attempt/permitted'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import { endedAt } from '@vigie/exam-engine/evidence/retention'
import { decideReview } from '@vigie/exam-engine/review/decide'
import { evolveReview } from '@vigie/exam-engine/review/evolve'
import { followUp } from '@vigie/exam-engine/review/result'
import type {
  Remedy,
  ReviewActor,
  ReviewCommand,
  ReviewEvent,
  ReviewState,
} from '@vigie/exam-engine/review/state'
import type { Instant } from '@vigie/kernel/instant'
import type { Actor } from '../accounts/actor.ts'
import type { Act } from '../attempt/act.ts'
import { lockAttempt } from '../attempt/store.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Tx } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import type { JobQueue } from '../platform/jobs.ts'
import { Refused } from '../platform/refused.ts'
import { refundErrand, stepWords, writeToCandidate, writeToRegistrars } from './letters.ts'
import { bookSecondAttempt, openSessions } from './secondAttempt.ts'
import { supervisorsOf, readReview, reviewEvents, writeReview } from './store.ts'

export interface VerdictDeps {
  readonly db: Database
  readonly clock: Clock
  readonly act: Act
  readonly jobs: JobQueue
  /** The origin that letters link to. */
  readonly publicOrigin: string
}

type Bare<Command> = Command extends { now: Instant } ? Omit<Command, 'now' | 'by' | 'about'> : never
/** What is asked; moment and facts are added under the attempt's lock. */
type Wish = Bare<ReviewCommand>

interface Decided {
  readonly state: ReviewState
  readonly events: readonly ReviewEvent[]
  readonly now: Instant
}

/** Whose deed it is: a person in one of the two roles that a review knows. */
export function reviewActor(actor: Actor, role: ReviewActor['role']): ReviewActor {
  if (actor.kind !== 'person') throw new Refused('not-signed-in')
  return { role, id: personId.parse(actor.id) }
}

/** Decides one step under the attempt's lock, writes it, and posts the letters that go with it. */
async function decideIn(
  tx: Tx,
  deps: VerdictDeps,
  actor: Actor,
  by: ReviewActor,
  attempt: string,
  about: AttemptState,
  wish: Wish,
): Promise<Decided> {
  const { clock } = deps
  const now = clock.now()
  const before = await readReview(tx, attempt)
  const command = {
    ...wish,
    now,
    by,
    about: {
      candidate: about.booking.candidateId,
      proctors: (await supervisorsOf(tx, attempt)) as PersonId[],
      over: endedAt(about) !== null,
      slotsRemain:
        wish.type === 'uphold' &&
        wish.remedy?.kind === 'refund' &&
        (await openSessions(tx, attempt, now)).length > 0,
      voidable: PERMITTED.void.reviewer?.includes(about.status) ?? false,
    },
  } as ReviewCommand
  const decision = decideReview(command, before.state)
  if (!decision.ok) throw new Refused(decision.refusal)
  const events = decision.value
  const state = events.reduce(evolveReview, before.state)
  await writeReview(tx, attempt, before, state, events)
  for (const event of events) {
    await audit(tx, clock, { actor, role: by.role, action: `review.${event.type}`, attempt })
  }
  const words = stepWords({
    before: before.state,
    after: state,
    events,
    awaited:
      ('closing' in about && followUp(about.closing.cause, null) !== 'result') ||
      (await reviewEvents(tx, attempt)).some(({ type }) => type === 'candidate-told'),
  })
  if (words) await writeToCandidate(tx, deps, attempt, words, `/passages/${attempt}/relecture`)
  if (wish.type === 'uphold' && wish.remedy?.kind === 'refund')
    await writeToRegistrars(tx, deps, attempt, refundErrand)
  return { state, events, now }
}

/** Runs one step that changes the review only. */
export async function stepReview(
  deps: VerdictDeps,
  actor: Actor,
  role: ReviewActor['role'],
  attempt: string,
  wish: Wish,
): Promise<{ at: Instant }> {
  const by = reviewActor(actor, role)
  const { now } = await deps.db.transaction().execute(async (tx) => {
    const stored = await lockAttempt(tx, attempt)
    if (!stored) throw new Refused('attempt-unknown')
    return decideIn(tx, deps, actor, by, attempt, stored.state, wish)
  })
  return { at: now }
}

type Uphold = Extract<VerdictStep, { type: 'uphold' }>

/**
 * Concludes that an attempt has to be sat again: the verdict, the void attempt and the second one that stands in its
 * place are one transaction [ATT-02] (FUN-54).
 */
async function voidAttempt(
  deps: VerdictDeps,
  actor: Actor,
  attempt: string,
  wished: NonNullable<Uphold['remedy']>,
): Promise<{ at: Instant }> {
  const by = reviewActor(actor, 'reviewer')
  const second = wished.kind === 'second-attempt' ? attemptId.parse(uuidv7(deps.clock.now())) : null
  const remedy: Remedy =
    wished.kind === 'second-attempt' && second
      ? { kind: 'second-attempt', attempt: second, appointmentAt: wished.appointmentAt }
      : { kind: 'refund' }
  const { now } = await deps.act(
    attempt,
    async (tx, stored) => {
      const { state } = await decideIn(tx, deps, actor, by, attempt, stored.state, { type: 'uphold', remedy })
      if (state.status !== 'final') throw new Error('concluded, and not final')
      const code = state.proposal.outcome === 'evidence-missing' ? 'evidence-missing' : 'technical-incident'
      return {
        type: 'void',
        by: { role: 'reviewer', id: by.id },
        reason: { code, note: null },
        replacedBy: second,
      }
    },
    async (tx, { before }) => {
      if (wished.kind === 'second-attempt' && second)
        await bookSecondAttempt(tx, deps.clock.now(), before.state.booking, second, wished)
    },
  )
  return { at: now }
}

/** One step of a reviewer towards a verdict [REV-04]. Throws the domain's refusals. */
export function judge(
  deps: VerdictDeps,
  actor: Actor,
  attempt: string,
  step: VerdictStep,
): Promise<{ at: Instant }> {
  if (step.type !== 'uphold') return stepReview(deps, actor, 'reviewer', attempt, step)
  return step.remedy
    ? voidAttempt(deps, actor, attempt, step.remedy)
    : stepReview(deps, actor, 'reviewer', attempt, { type: 'uphold', remedy: null })
}
