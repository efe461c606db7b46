import type { Paper } from '@vigie/exam-engine/catalog/paper'
import type { Policy } from '@vigie/exam-engine/catalog/policy'
import type { Reader } from '../platform/database.ts'
import { rehearsalPapers } from './rehearsalPaper.ts'

/** The policy in force for a certification: its newest version. */
export async function currentPolicy(db: Reader, certification: string): Promise<Policy> {
  const row = await db
    .selectFrom('policy')
    .select('content')
    .where('certification_id', '=', certification)
    .orderBy('version', 'desc')
    .executeTakeFirstOrThrow()
  return row.content
}

/** Papers in use, kept by this process: a locked paper never changes, so it is read once. */
export interface Papers {
  of(db: Reader, paper: string): Promise<Paper>
  /**
   * Locks the paper: from now on an attempt uses it [ADM-03]. What is read of it is not kept: should the transaction be
   * undone, the paper may change again.
   */
  lock(tx: Reader, paper: string): Promise<Paper>
}

export function createPapers(): Papers {
  const known = new Map<string, Paper>(rehearsalPapers)
  const read = (db: Reader, paper: string) =>
    db.selectFrom('paper').select(['content', 'locked']).where('id', '=', paper).executeTakeFirstOrThrow()
  return {
    async of(db, paper) {
      const kept = known.get(paper)
      if (kept) return kept
      const row = await read(db, paper)
      if (row.locked) known.set(paper, row.content)
      return row.content
    },
    async lock(tx, paper) {
      const kept = known.get(paper)
      if (kept) return kept
      await tx
        .updateTable('paper')
        .set({ locked: true })
        .where('id', '=', paper)
        .where('locked', '=', false)
        .execute()
      return (await read(tx, paper)).content
    },
  }
}
