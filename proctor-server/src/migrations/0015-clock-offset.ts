import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What each segment's page knew of the server's clock; unknown for those that are there [EVD-01]. */
export const clockOffset: Migration = {
  async up(db) {
    await sql`alter table segment add column clock_offset bigint`.execute(db)
  },
}
