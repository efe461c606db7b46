import { rehearsalResult } from '@vigie/exam-engine/attempt/rehearsal'
import type { Instant } from '@vigie/kernel/instant'
import { lockAttempt } from '../../attempt/store.ts'
import type { Database } from '../../platform/database.ts'
import { factsOf, recordOf } from './store.ts'

/**
 * Every table that says something about one attempt, those that refer to others of them first. A test compares it with
 * the database, so that a table made later is not forgotten here.
 */
export const TABLES_OF_AN_ATTEMPT = [
  'attempt_line',
  'attempt_event',
  'attempt_save',
  'superseded_save',
  'late_save',
  'attempt_text',
  'attempt_credential',
  'attempt_score_before',
  'attempt_score',
  'attempt_receipt',
  'chat_line',
  'remark',
  'attempt_request',
  'live_state',
  'live_step',
  'live_ticket',
  'still',
  'segment',
  'evidence_stream',
  'photo',
  'attempt_key',
  'hold',
  'destruction_certificate',
  'daily_head_leaf',
  'review_comment',
  'review_event',
  'review',
  'equipment_report',
  'audit_log',
  'retention',
] as const

/**
 * Writes down what a rehearsal was and erases everything else of it, by one transaction [CHK-13.4]. Once: false when it
 * has ended already.
 */
export async function eraseRehearsal(db: Database, id: string, now: Instant): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('rehearsal')
      .select('id')
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    if (!row) return false
    // In the order of intake, which holds the term back before it touches the attempt.
    await tx.selectFrom('retention').select('attempt_id').where('attempt_id', '=', id).forUpdate().execute()
    const attempt = await lockAttempt(tx, id)
    if (!attempt) throw new Error('a rehearsal under way without its attempt')
    const result = rehearsalResult(await recordOf(tx, id), await factsOf(tx, id))
    for (const table of TABLES_OF_AN_ATTEMPT)
      await tx.deleteFrom(table).where('attempt_id', '=', id).execute()
    await tx.deleteFrom('attempt').where('id', '=', id).execute()
    await tx.deleteFrom('exam_session').where('id', '=', attempt.state.booking.sessionId).execute()
    await tx
      .updateTable('rehearsal')
      .set({ ended_at: now, result: JSON.stringify(result), due_at: null, language: null })
      .where('id', '=', id)
      .execute()
    return true
  })
}
