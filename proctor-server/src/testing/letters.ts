import type { Reader } from '../platform/database.ts'

/** The letters to one address that would have left, newest first; `about`: those whose subject has these words. */
export const lettersTo = (
  db: Reader,
  recipient: string,
  about = '',
): Promise<{ subject: string; body: string }[]> =>
  db
    .selectFrom('local_mailbox')
    .select(['subject', 'body'])
    .where('recipient', '=', recipient)
    .where('subject', 'like', `%${about}%`)
    .orderBy('sent_at', 'desc')
    .execute()
