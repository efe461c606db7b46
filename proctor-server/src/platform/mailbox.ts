import type { Config } from '../config.ts'
import type { Reader } from './database.ts'
import { Refused } from './refused.ts'

const LETTERS = 200

interface Kept {
  readonly id: string
  readonly recipient: string
  readonly subject: string
  readonly body: string
  readonly sentAt: number
}

/**
 * What a demonstration without a mail server kept instead of sending it, newest first. Throws `not-found` anywhere else:
 * letters hold links that open accounts.
 */
export async function keptLetters(
  db: Reader,
  config: Pick<Config, 'mail' | 'demonstration'>,
): Promise<Kept[]> {
  if (config.mail.smtpUrl || !config.demonstration) throw new Refused('not-found')
  const rows = await db
    .selectFrom('local_mailbox')
    .selectAll()
    .orderBy('sent_at', 'desc')
    .limit(LETTERS)
    .execute()
  return rows.map(({ id, recipient, subject, body, sent_at }) => ({
    id,
    recipient,
    subject,
    body,
    sentAt: sent_at.getTime(),
  }))
}
