import type { Neutralisation, PaperLine, PaperSheet } from '@vigie/contract/catalog/paper'
import { certificationId, paperId, questionId } from '@vigie/exam-engine/attempt/ids'
import type { Paper } from '@vigie/exam-engine/catalog/paper'
import { paperFaults } from '@vigie/exam-engine/catalog/paperFaults'
import type { Instant } from '@vigie/kernel/instant'
import type { Reader } from '../platform/database.ts'

/** Every paper with what it holds, the last changed first. */
export async function paperLines(db: Reader): Promise<PaperLine[]> {
  const rows = await db
    .selectFrom('paper')
    .innerJoin('certification', 'certification.id', 'paper.certification_id')
    .select([
      'paper.id',
      'paper.title',
      'paper.content',
      'paper.locked',
      'paper.changed_at',
      'certification.id as certification',
      'certification.name',
    ])
    .orderBy('paper.changed_at', 'desc')
    .orderBy('paper.title')
    .limit(1_000)
    .execute()
  return rows.map((row) => {
    const questions = row.content.parts.flatMap((part) => part.questions)
    return {
      id: paperId.parse(row.id),
      title: row.title,
      certification: { id: certificationId.parse(row.certification), name: row.name },
      questions: questions.length,
      points: Math.round(questions.reduce((sum, question) => sum + question.points, 0) * 1_000) / 1_000,
      faults: paperFaults(row.content).length,
      locked: row.locked,
      changedAt: row.changed_at,
    }
  })
}

/** A paper with its key, its faults and what was neutralised in it; null when there is none such. */
export async function readPaperSheet(db: Reader, id: string): Promise<PaperSheet | null> {
  const row = await db
    .selectFrom('paper')
    .innerJoin('certification', 'certification.id', 'paper.certification_id')
    .select([
      'paper.content',
      'paper.locked',
      'paper.version',
      'certification.id as certification',
      'certification.name',
    ])
    .where('paper.id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  const { id: _id, ...content } = row.content
  return {
    id: paperId.parse(id),
    certification: { id: certificationId.parse(row.certification), name: row.name },
    version: row.version,
    locked: row.locked,
    // The contract's arrays are not read-only; a copy keeps both sides honest.
    content: structuredClone(content) as PaperSheet['content'],
    faults: paperFaults(row.content),
    neutralisations: await neutralisationsOf(db, id),
    sessions: await db
      .selectFrom('exam_session')
      .select(['id', 'name'])
      .where('paper_id', '=', id)
      .where('rehearsal', '=', false)
      .orderBy('opens_at', 'desc')
      .execute(),
  }
}

/** What makes a paper changeable or not, locked until the transaction ends. */
export const lockPaperRow = (tx: Reader, id: string) =>
  tx
    .selectFrom('paper')
    .select(['certification_id', 'content', 'locked', 'version'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()

/** A session that is not over asks this paper. */
export const isExpected = async (tx: Reader, paper: string, now: Instant): Promise<boolean> =>
  (await tx
    .selectFrom('exam_session')
    .select('id')
    .where('paper_id', '=', paper)
    .where('closes_at', '>', now)
    .limit(1)
    .executeTakeFirst()) !== undefined

export async function insertPaper(
  tx: Reader,
  certification: string,
  paper: Paper,
  now: Instant,
): Promise<void> {
  await tx
    .insertInto('paper')
    .values({
      id: paper.id,
      certification_id: certification,
      title: paper.title,
      content: JSON.stringify(paper),
      locked: false,
      changed_at: now,
    })
    .execute()
}

export async function updatePaper(tx: Reader, paper: Paper, version: number, now: Instant): Promise<void> {
  await tx
    .updateTable('paper')
    .set({ title: paper.title, content: JSON.stringify(paper), version, changed_at: now })
    .where('id', '=', paper.id)
    .execute()
}

/** Every neutralisation and every withdrawal of one, oldest first: the trace [ADM-04]. */
async function neutralisationsOf(db: Reader, paper: string): Promise<Neutralisation[]> {
  const rows = await db
    .selectFrom('neutralisation')
    .leftJoin('person', 'person.id', 'neutralisation.by_person')
    .select(['question_id', 'neutralised', 'reason', 'at', 'person.name', 'rescored'])
    .where('paper_id', '=', paper)
    .orderBy('at')
    .orderBy('neutralisation.id')
    .execute()
  return rows.map((row) => ({
    question: questionId.parse(row.question_id),
    neutralised: row.neutralised,
    reason: row.reason,
    at: row.at,
    by: row.name ?? '',
    rescored: row.rescored,
  }))
}

export async function keepPicture(
  tx: Reader,
  picture: { readonly id: string; readonly paper: string; readonly type: string; readonly bytes: Buffer },
  now: Instant,
): Promise<void> {
  await tx
    .insertInto('paper_picture')
    .values({
      id: picture.id,
      paper_id: picture.paper,
      type: picture.type,
      content: picture.bytes,
      added_at: now,
    })
    .execute()
}

export async function readPicture(
  db: Reader,
  id: string,
): Promise<{ readonly type: string; readonly content: Buffer } | null> {
  const row = await db
    .selectFrom('paper_picture')
    .select(['type', 'content'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}
