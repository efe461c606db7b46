import { RECORDING_DAYS, TERMS, type Kept } from '@vigie/exam-engine/evidence/retention'
import { DAY, type Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'

interface TermDeps {
  readonly db: Database
  readonly clock: Clock
}

const MOST_AT_ONCE = 500

const before = (kept: Kept, now: Instant): Instant => now - TERMS[kept].days! * DAY

/** What goes with the answers: what was typed, what was asked to be kept and why [RET-01]. */
export const REDUCED_WITH_ANSWERS = ['attempt_save', 'late_save', 'superseded_save', 'hold'] as const

/**
 * Answers, with their salts, of attempts long past [RET-01]: the chain keeps their digests, the result stays. Only where
 * the recording has been destroyed, which a hold would have kept.
 */
async function reduceAnswers({ db, clock }: TermDeps): Promise<number> {
  const now = clock.now()
  return db.transaction().execute(async (tx) => {
    const due = await tx
      .selectFrom('retention')
      .select('attempt_id')
      .where('destroyed_at', 'is not', null)
      .where('reduced_at', 'is', null)
      .where('destroy_at', '<=', before('answers', now) + RECORDING_DAYS * DAY)
      .limit(MOST_AT_ONCE)
      .forUpdate()
      .skipLocked()
      .execute()
    if (due.length === 0) return 0
    const attempts = due.map((row) => row.attempt_id)
    for (const table of REDUCED_WITH_ANSWERS)
      await tx.deleteFrom(table).where('attempt_id', 'in', attempts).execute()
    await tx.updateTable('retention').set({ reduced_at: now }).where('attempt_id', 'in', attempts).execute()
    return attempts.length
  })
}

/** The sign-in library's own tables; its clock is the wall's, and a row that has ended opens nothing any more. */
async function endSignIns(db: Database, now: Instant): Promise<number> {
  const ended = sql`to_timestamp(${before('sign-in', now) / 1000}::double precision)`
  const gone = [
    await sql`delete from sign_in where "expiresAt" < ${ended}`.execute(db),
    await sql`delete from sign_in_verification where "expiresAt" < ${ended}`.execute(db),
    await sql`delete from sign_in_rate where "lastRequest" < ${now - DAY}`.execute(db),
  ]
  return gone.reduce((sum, { numAffectedRows }) => sum + Number(numAffectedRows ?? 0n), 0)
}

/**
 * Ends whatever is past its term and hangs on no recording: answers, equipment reports, rehearsals, access log, sign-ins, mails that
 * were kept here [RET-01]. Each statement may run again at any time; tells how many rows of which went.
 */
export async function endTerms(deps: TermDeps): Promise<Partial<Record<Kept, number>>> {
  const { db, clock } = deps
  const now = clock.now()
  const rows = ({ numDeletedRows }: { readonly numDeletedRows: bigint }): number => Number(numDeletedRows)
  return {
    answers: await reduceAnswers(deps),
    'check-report': rows(
      await db
        .deleteFrom('equipment_report')
        .where('filed_at', '<', before('check-report', now))
        .executeTakeFirst(),
    ),
    rehearsal: rows(
      await db.deleteFrom('rehearsal').where('ended_at', '<', before('rehearsal', now)).executeTakeFirst(),
    ),
    'access-log': rows(
      await db.deleteFrom('audit_log').where('at', '<', before('access-log', now)).executeTakeFirst(),
    ),
    'sign-in': await endSignIns(db, now),
    mail: rows(
      await db
        .deleteFrom('local_mailbox')
        .where('sent_at', '<', sql<Date>`to_timestamp(${before('mail', now) / 1000}::double precision)`)
        .executeTakeFirst(),
    ),
  }
}
