import { digest, type Digest } from '@vigie/exam-engine/attempt/ids'
import { canonicalJson } from '@vigie/exam-engine/evidence/canonicalJson'
import type { Selectable } from 'kysely'
import { refuseDestroyed } from '../evidence/retention.ts'
import type { Reader, Tx } from '../platform/database.ts'
import { randomSalt, sha256 } from '../platform/keys.ts'
import type { SupervisionTables } from './tables.ts'

type ChatRow = Selectable<SupervisionTables['chat_line']>
type RemarkRow = Selectable<SupervisionTables['remark']>

/** What the chain holds of a text: SHA-256 of salt and text [EVD-04]. */
export const textDigest = (salt: string, text: string): Digest => digest.parse(sha256(salt + text))

/** Keeps a free text beside its digest, which is what enters the chain; no text, no digest [EVD-04]. */
export async function keepNote(tx: Tx, attempt: string, text: string | undefined): Promise<Digest | null> {
  if (!text) return null
  await refuseDestroyed(tx, attempt)
  const salt = randomSalt()
  const made = textDigest(salt, text)
  await tx.insertInto('attempt_text').values({ attempt_id: attempt, digest: made, salt, text }).execute()
  return made
}

/** A line of the conversation as it is hashed: who said what, and when. */
export const chatLineText = (row: Pick<ChatRow, 'id' | 'at' | 'author' | 'author_id' | 'text'>): string =>
  canonicalJson({
    kind: 'chat',
    id: row.id,
    at: row.at,
    author: row.author,
    authorId: row.author_id,
    text: row.text,
  })

/** A note, a flag or a warning as it is hashed. */
export const remarkText = (
  row: Pick<
    RemarkRow,
    'id' | 'at' | 'kind' | 'code' | 'severity' | 'author_id' | 'shown_to_candidate' | 'text'
  >,
): string =>
  canonicalJson({
    kind: row.kind,
    id: row.id,
    at: row.at,
    code: row.code,
    severity: row.severity,
    authorId: row.author_id,
    shownToCandidate: row.shown_to_candidate,
    text: row.text,
  })

/** One text as its digest in the chain was made of it. */
export interface KeptText {
  readonly digest: string
  readonly salt: string
  readonly text: string
}

/** Every text of an attempt whose digest its chain holds, but answers: notes beside codes, conversation, remarks. */
export async function keptTexts(db: Reader, attempt: string): Promise<KeptText[]> {
  const notes = await db
    .selectFrom('attempt_text')
    .select(['digest', 'salt', 'text'])
    .where('attempt_id', '=', attempt)
    .orderBy('digest')
    .execute()
  const lines = await db
    .selectFrom('chat_line')
    .selectAll()
    .where('attempt_id', '=', attempt)
    .orderBy('at')
    .orderBy('id')
    .execute()
  const remarks = await db
    .selectFrom('remark')
    .selectAll()
    .where('attempt_id', '=', attempt)
    .orderBy('at')
    .orderBy('id')
    .execute()
  const said = [
    ...lines.map((row) => ({ salt: row.salt, text: chatLineText(row) })),
    ...remarks.map((row) => ({ salt: row.salt, text: remarkText(row) })),
  ]
  return [
    ...notes,
    ...said.flatMap(({ salt, text }) =>
      salt === null ? [] : [{ digest: textDigest(salt, text), salt, text }],
    ),
  ]
}
