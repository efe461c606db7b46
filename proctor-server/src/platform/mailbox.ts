import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import type { Database } from './database.ts'
import { Refused } from './refused.ts'

/** Without an SMTP server: what would have left, for whoever runs the demonstration. With one it does not exist. */
export function mailboxRoutes(
  app: FastifyInstance,
  deps: { readonly config: Config; readonly db: Database },
): void {
  app.get('/api/mailbox', async () => {
    if (deps.config.mail.smtpUrl || !deps.config.demonstration) throw new Refused('not-found')
    const letters = await deps.db
      .selectFrom('local_mailbox')
      .selectAll()
      .orderBy('sent_at', 'desc')
      .limit(200)
      .execute()
    return { letters }
  })
}
