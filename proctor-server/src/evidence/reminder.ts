import { DAY, HOUR } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import { ANONYMOUS } from '../accounts/actor.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Reader } from '../platform/database.ts'
import type { JobKind, JobQueue } from '../platform/jobs.ts'
import { sha256 } from '../platform/keys.ts'
import { postLetter } from '../platform/mail.ts'

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

/** What the attempt's page has promised and not brought, while intake is open; null when nothing is awaited any more. */
async function awaited(tx: Reader, attempt: string) {
  const row = await tx
    .selectFrom('segment')
    .innerJoin('attempt', 'attempt.id', 'segment.attempt_id')
    .innerJoin('person', 'person.id', 'attempt.candidate_id')
    .innerJoin('retention', 'retention.attempt_id', 'attempt.id')
    .select(['person.name', 'person.email'])
    .select(sql<number>`count(*)::int`.as('count'))
    .where('attempt.id', '=', attempt)
    .where('received_at', 'is', null)
    .where('tombstone_at', 'is', null)
    .groupBy(['person.name', 'person.email'])
    .executeTakeFirst()
  return row ?? null
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
      const missing = await awaited(tx, attempt)
      if (!missing) return
      await postLetter(jobs, tx, letterId(reminder), {
        to: missing.email,
        subject: 'Une partie de votre enregistrement attend sur votre ordinateur',
        text: [
          `Bonjour ${missing.name},`,
          '',
          'Votre examen est terminé et vos réponses sont enregistrées. Une partie de l’enregistrement n’est pas encore envoyée.',
          'Rouvrez cette page sur le même ordinateur et dans le même navigateur : l’envoi reprend seul, une barre montre où il en est.',
          '',
          `${publicOrigin}/passages/${attempt}`,
        ].join('\n'),
      })
      if (round + 1 < ROUNDS.length) await planReminder(jobs, tx, clock, [attempt], round + 1)
      else {
        const detail = { segments: missing.count }
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
