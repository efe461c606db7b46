import { MINUTE, SECOND, type Instant } from '@vigie/kernel/instant'
import { PHOTO_KINDS, type Policy } from '../catalog/policy.ts'
import type { AttemptEvent, EventOf, EventType } from './events.ts'
import { freezeTerms, type Accommodation, type Terms } from './terms.ts'
import type { EntryWindow } from './window.ts'

/** Three questions need no more. */
const REHEARSAL_SECONDS = 600
/** Whoever began one comes in at once; nobody is waited for longer, in seconds. */
const ENTRY_SECONDS = 600
/** The longest an abandoned rehearsal lives. */
const REHEARSAL_LASTS = 60 * MINUTE

/** The certification's own policy and the candidate's own accommodation, for an exam of ten minutes [CHK-13.1]. */
export const rehearsalTerms = (policy: Policy, accommodation: Accommodation): Terms =>
  freezeTerms({ ...policy, durationSeconds: REHEARSAL_SECONDS }, accommodation)

/** Open at once, over after an hour whatever becomes of its page [CHK-13.1]. */
export const rehearsalWindow = (now: Instant): EntryWindow => ({
  appointmentAt: now,
  opensAt: now,
  closesAt: now + ENTRY_SECONDS * SECOND,
  lateSeconds: ENTRY_SECONDS,
  sessionEndsAt: now + REHEARSAL_LASTS,
})

/**
 * Whether one that is left open, and so lives its whole hour, is over while the exam itself can still be entered
 * [CHK-13.6].
 */
export const rehearsalFits = (now: Instant, exam: Pick<EntryWindow, 'closesAt'>): boolean =>
  rehearsalWindow(now).sessionEndsAt <= exam.closesAt

/** What a rehearsal goes through, in the order of the day. */
export const REHEARSAL_STEPS = [
  'information',
  'equipment',
  'name',
  'photos',
  'room',
  'live',
  'proctor',
  'show',
  'start',
  'answers',
  'chat',
  'end',
  'recording',
] as const
export type RehearsalStep = (typeof REHEARSAL_STEPS)[number]

/**
 * `done`; `skipped`: left out by the candidate, which the exam allows too; `failed`: tried and not brought about;
 * `not-reached`; `not-asked`: the certification does without.
 */
export const STEP_OUTCOMES = ['done', 'skipped', 'failed', 'not-reached', 'not-asked'] as const
export type StepOutcome = (typeof STEP_OUTCOMES)[number]

/** The dated result: all that is kept of a rehearsal [CHK-13.4]. */
export type RehearsalResult = {
  readonly passed: boolean
  readonly steps: Readonly<Record<RehearsalStep, StepOutcome>>
}

/** What the rows beside the events say. */
export type RehearsalFacts = {
  /** The page was in the live room. */
  readonly live: boolean
  /** How the candidate answered what the proctor asked to be shown; null when never asked or never answered. */
  readonly shown: 'done' | 'cannot' | null
  /** Lines the candidate wrote. */
  readonly lines: number
  readonly segments: { readonly promised: number; readonly received: number }
}

/** These may be left out on the day as well: a rehearsal passes without them. */
const OPTIONAL: readonly RehearsalStep[] = ['show', 'chat']

/** [CHK-13.4] What a rehearsal was, read from its record and the rows beside it, before all of that is erased. */
export function rehearsalResult(record: readonly AttemptEvent[], facts: RehearsalFacts): RehearsalResult {
  const steps = Object.fromEntries(
    REHEARSAL_STEPS.map((step) => [step, outcomeOf(step, record, facts)]),
  ) as Record<RehearsalStep, StepOutcome>
  const passed = REHEARSAL_STEPS.every(
    (step) => OPTIONAL.includes(step) || !['failed', 'not-reached'].includes(steps[step]),
  )
  return { passed, steps }
}

function outcomeOf(step: RehearsalStep, record: readonly AttemptEvent[], facts: RehearsalFacts): StepOutcome {
  const happened = (type: EventType): StepOutcome => (last(record, type) ? 'done' : 'not-reached')
  switch (step) {
    case 'information':
      return happened('information-acknowledged')
    case 'equipment': {
      const equipment = last(record, 'equipment-recorded')
      return equipment?.verdict === 'fail' ? 'failed' : happened('equipment-recorded')
    }
    case 'name':
      return happened('name-confirmed')
    case 'photos':
      return photosOutcome(record)
    case 'room':
      return happened('joined')
    case 'live':
      return reached(record, 'joined', facts.live)
    case 'proctor':
      return happened('taken')
    case 'show':
      if (facts.shown === null) return reached(record, 'unlocked', false)
      return facts.shown === 'done' ? 'done' : 'skipped'
    case 'start':
      return happened('started')
    case 'answers': {
      const saved = last(record, 'answers-saved')
      return reached(record, 'started', saved !== null && saved.answeredCount > 0)
    }
    case 'chat':
      return facts.lines > 0 ? 'done' : last(record, 'closed') ? 'skipped' : 'not-reached'
    case 'end': {
      const closed = last(record, 'closed')
      return closed ? (closed.closing.cause === 'submitted' ? 'done' : 'failed') : 'not-reached'
    }
    case 'recording':
      return recordingOutcome(record, facts.segments)
  }
}

/** Once its door was passed, a step is done or has failed. */
const reached = (record: readonly AttemptEvent[], door: EventType, done: boolean): StepOutcome =>
  last(record, door) ? (done ? 'done' : 'failed') : 'not-reached'

function photosOutcome(record: readonly AttemptEvent[]): StepOutcome {
  const rules = last(record, 'entered')?.terms.photos
  if (!rules) return 'not-reached'
  const asked = PHOTO_KINDS.filter((kind) => rules[kind] !== 'off')
  const photos = record.filter((event) => event.type === 'photo-recorded' || event.type === 'photo-skipped')
  const outcomes = asked.map((kind) => photos.findLast((event) => event.photo === kind)?.type)
  if (asked.length === 0) return 'not-asked'
  if (outcomes.includes(undefined)) return 'not-reached'
  return outcomes.includes('photo-skipped') ? 'skipped' : 'done'
}

function recordingOutcome(
  record: readonly AttemptEvent[],
  { promised, received }: RehearsalFacts['segments'],
): StepOutcome {
  if (last(record, 'entered')?.terms.recorded === false) return 'not-asked'
  return reached(record, 'joined', promised > 0 && received === promised)
}

const last = <Type extends EventType>(record: readonly AttemptEvent[], type: Type): EventOf<Type> | null =>
  (record.findLast((event) => event.type === type) as EventOf<Type> | undefined) ?? null
