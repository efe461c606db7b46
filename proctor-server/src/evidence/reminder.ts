import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import { EVIDENCE_TRACKS } from '@vigie/exam-engine/evidence/segments'
import { DAY, HOUR, SECOND, type Instant } from '@vigie/kernel/instant'
import { ANONYMOUS } from '../accounts/actor.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Reader } from '../platform/database.ts'
import type { JobKind, JobQueue } from '../platform/jobs.ts'
import { sha256 } from '../platform/keys.ts'
import { postLetter } from '../platform/mail.ts'
import { expectedSpan } from './coverage.ts'
import { segmentsOf } from './store.ts'

export const REMINDER_JOB = 'evidence-reminder'

interface Reminder {
  readonly attempt: string
  /** Counted from 0. */
  readonly round: number
}

/** When the candidate is reminded of what their computer still holds, counted from the end of the exam or the letter before. */
const ROUNDS = [HOUR, DAY, 3 * DAY] as const

/** Plans the first look at each attempt, in the transaction that closes them. */
export async function planReminder(
  jobs: JobQueue,
  tx: Reader,
  clock: Clock,
  attempts: readonly string[],
  round = 0,
): Promise<void> {
  const wait = ROUNDS[round]
  if (wait === undefined) return
  const startAfter = new Date(clock.now() + wait)
  await jobs.addAll<Reminder>(
    tx,
    REMINDER_JOB,
    attempts.map((attempt) => ({ attempt, round })),
    { startAfter },
  )
}

interface ReminderDeps {
  readonly db: Database
  readonly clock: Clock
  readonly jobs: JobQueue
  readonly publicOrigin: string
}

/** A recording may end this much before its attempt: the last segment, and clocks that differ a little. */
const LATE_END = 30 * SECOND

/**
 * What the attempt's page has not brought, while intake is open; null when nothing is awaited any more. Beside what it has
 * promised: a recording that breaks off before the end belongs to a page that lost its line and has not come back, for one
 * that comes back sends everything.
 */
async function awaited(tx: Reader, attempt: string, now: Instant) {
  const row = await tx
    .selectFrom('attempt')
    .innerJoin('person', 'person.id', 'attempt.candidate_id')
    .innerJoin('retention', 'retention.attempt_id', 'attempt.id')
    .select(['attempt.state', 'person.name', 'person.email'])
    .where('attempt.id', '=', attempt)
    .where('tombstone_at', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  const all = await segmentsOf(tx, attempt)
  const unsent = all.filter(({ received_at }) => received_at === null).length
  const span = expectedSpan(row.state as unknown as AttemptState, all, now)
  const missing = EVIDENCE_TRACKS.map((track) => {
    if (!span) return 0
    const own = all.filter((segment) => segment.track === track)
    return span.to - own.reduce((last, { ended_at }) => Math.max(last, ended_at), span.from)
  })
  const missingAtEnd = Math.max(...missing)
  if (unsent === 0 && missingAtEnd <= LATE_END) return null
  return { name: row.name, email: row.email, segments: unsent, missingAtEnd }
}

/** The same letter has the same id however often its job runs. */
const letterId = ({ attempt, round }: Reminder): string => {
  const hex = sha256(`${REMINDER_JOB}:${attempt}:${round}`)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/**
 * Reminds a candidate whose computer still holds recorded segments [EVD-02]: an hour after the end, then a day, then three.
 * After that the evidence is incomplete: written down, shown to reviewers as awaited segments, theirs to judge [REV-04].
 */
export const reminderJob = ({ db, clock, jobs, publicOrigin }: ReminderDeps): JobKind<Reminder> => ({
  name: REMINDER_JOB,
  async step(reminder) {
    const { attempt, round } = reminder
    await db.transaction().execute(async (tx) => {
      const missing = await awaited(tx, attempt, clock.now())
      if (!missing) return
      await postLetter(jobs, tx, letterId(reminder), {
        to: missing.email,
        subject:
          'Une partie de votre enregistrement attend sur votre ordinateur · part of your recording waits on your computer',
        text: [
          `Bonjour ${missing.name},`,
          '',
          'Votre examen est terminé et vos réponses sont enregistrées. Une partie de l’enregistrement n’est pas encore arrivée.',
          'Rouvrez cette page sur le même ordinateur et dans le même navigateur : l’envoi reprend seul, une barre montre où il en est. Si la page dit que tout est envoyé, vous n’avez plus rien à faire.',
          '',
          '—',
          '',
          'Your exam is over and your answers are saved. Part of the recording has not arrived yet.',
          'Open this page again on the same computer and in the same browser: sending goes on by itself, a bar shows how far it is. If the page says that everything is sent, there is nothing left to do.',
          '',
          `${publicOrigin}/passages/${attempt}`,
        ].join('\n'),
      })
      if (round + 1 < ROUNDS.length) await planReminder(jobs, tx, clock, [attempt], round + 1)
      else {
        const detail = { segments: missing.segments, millisecondsAtEnd: missing.missingAtEnd }
        await audit(tx, clock, {
          actor: ANONYMOUS,
          role: 'system',
          action: 'evidence.incomplete',
          attempt,
          detail,
        })
      }
    })
  },
})
