import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What a save changes gets a column of its own; the drafts that are there stay where they are until their next save. */
export const draft: Migration = {
  async up(db) {
    await sql`alter table attempt add column draft json`.execute(db)
  },
}
