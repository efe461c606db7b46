import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  // What a page that was taken over still sent: evidence, never answers [ROOM-05].
  sql`
    create table superseded_save (
      attempt_id uuid not null references attempt, lease integer not null, number integer not null,
      at bigint not null, answers text not null, primary key (attempt_id, lease, number)
    )`,
]

export const superseded: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(db)
  },
}
