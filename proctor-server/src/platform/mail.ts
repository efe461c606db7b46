import { createTransport } from 'nodemailer'
import type { Config } from '../config.ts'
import type { Database, Reader } from './database.ts'
import type { JobKind, JobQueue } from './jobs.ts'

export interface Letter {
  readonly to: string
  readonly subject: string
  readonly text: string
}

interface LetterJob extends Letter {
  readonly id: string
}

const JOB = 'mail-letter'

/** Queues a letter with the change it speaks of. */
export const postLetter = (jobs: JobQueue, tx: Reader, id: string, letter: Letter): Promise<void> =>
  jobs.add<LetterJob>(tx, JOB, { id, ...letter })

/**
 * Sends letters. Without an SMTP server each is kept in the local mailbox, a page that shows what would have left.
 * The row is written first and by id, so a job that runs twice sends at most what the mail server saw twice.
 */
export function mailJob(config: Config['mail'], db: Database): JobKind<LetterJob> {
  const transport = config.smtpUrl ? createTransport(config.smtpUrl) : null
  return {
    name: JOB,
    async step({ id, to, subject, text }) {
      if (transport) {
        await transport.sendMail({ from: config.from, to, subject, text, messageId: `<${id}@vigie>` })
        return
      }
      await db
        .insertInto('local_mailbox')
        .values({ id, recipient: to, subject, body: text })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
    },
  }
}
