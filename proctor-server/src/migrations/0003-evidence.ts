import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  sql`
    create table segment (
      attempt_id uuid not null references attempt, track text not null, rendition uuid not null,
      number integer not null, digest text not null, previous text, bytes integer not null,
      started_at bigint not null, ended_at bigint not null, lease integer not null, superseded boolean not null,
      committed_at bigint, received_at bigint, sealed_digest text, stored_as text,
      primary key (attempt_id, track, rendition, number)
    )`,
  sql`create index segment_order on segment (attempt_id, track, started_at, number)`,
  // Between this moment and destroyed_at a sweep is under way or was cut short; intake is closed from here on.
  sql`alter table retention add column tombstone_at bigint`,
]

export const evidence: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(db)
  },
}
