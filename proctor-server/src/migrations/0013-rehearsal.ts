import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  sql`alter table exam_session add column rehearsal boolean not null default false`,
  sql`alter table attempt add column rehearsal boolean not null default false`,
  // No reference to the attempt of the same id: this row is what stays when that one is erased.
  sql`
    create table rehearsal (
      id uuid primary key, person_id uuid not null references person on delete cascade,
      certification_id uuid not null references certification, language text, started_at bigint not null,
      due_at bigint, ended_at bigint, result jsonb
    )`,
  sql`create index rehearsal_person on rehearsal (person_id, started_at)`,
  sql`create unique index rehearsal_open on rehearsal (person_id) where ended_at is null`,
  sql`create index rehearsal_due on rehearsal (due_at) where due_at is not null`,
]

/** Rehearsals [CHK-13]. */
export const rehearsal: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(db)
  },
}
