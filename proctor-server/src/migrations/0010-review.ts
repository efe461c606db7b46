import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  // No row: nobody has touched the case. Columns beside the state repeat what it says, for lists and sweeps.
  sql`
    create table review (
      attempt_id uuid primary key references attempt, status text not null, assignee_id uuid references person,
      outcome text, reply_until bigint, replied_at bigint, state jsonb not null, version integer not null
    )`,
  sql`create index review_status on review (status)`,
  sql`
    create table review_event (
      attempt_id uuid not null references review, seq integer not null, at bigint not null, type text not null,
      data jsonb not null, primary key (attempt_id, seq)
    )`,
  sql`
    create table review_comment (
      id uuid primary key, attempt_id uuid not null references attempt, at bigint not null, made_at bigint not null,
      author_id uuid not null references person, text text not null
    )`,
  sql`create index review_comment_attempt on review_comment (attempt_id, at)`,
]

export const review: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(db)
  },
}
