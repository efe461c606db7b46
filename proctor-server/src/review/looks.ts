import type { Look } from '@vigie/contract/review/verdict'
import { sql } from 'kysely'
import { firstName } from '../attempt/view.ts'
import type { Reader } from '../platform/database.ts'

const WHAT: Readonly<Record<string, Look['what']>> = {
  'review.case.viewed': 'case',
  'evidence.camera.viewed': 'camera',
  'evidence.screen.viewed': 'screen',
  'evidence.photo.viewed': 'photo',
  'review.exported': 'export',
  'supervision.watch.stills': 'stills',
}

/** The acts of the log that are looks. */
export const LOOKS: readonly string[] = Object.keys(WHAT)

/** Who has looked at the evidence of these attempts, newest first, as their candidate is told it [REV-05]. */
export async function looksAt(
  db: Reader,
  attempts: readonly string[],
): Promise<(Look & { attempt: string })[]> {
  if (attempts.length === 0) return []
  const rows = await db
    .selectFrom('audit_log')
    .leftJoin('person', (join) => join.on(sql<boolean>`audit_log.actor = 'person:' || person.id`))
    .select(['audit_log.at', 'audit_log.role', 'audit_log.action', 'purpose', 'attempt_id', 'person.name'])
    .where('attempt_id', 'in', attempts)
    .where('action', 'in', LOOKS)
    .orderBy('audit_log.at', 'desc')
    .limit(1_000)
    .execute()
  return rows.flatMap((row) => {
    const what = WHAT[row.action]
    if (!what || row.attempt_id === null) return []
    return [
      {
        attempt: row.attempt_id,
        at: row.at,
        role: row.role ?? 'system',
        firstName: row.name === null ? '' : firstName(row.name),
        what,
        purpose: row.purpose ?? '',
      },
    ]
  })
}
