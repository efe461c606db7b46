import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  sql`
    create table live_state (
      attempt_id uuid primary key references attempt, step text not null default 'live', step_since bigint,
      silent_since bigint, second_joiner_at bigint, unpublished jsonb not null default '[]'
    )`,
  sql`
    create table live_step (
      attempt_id uuid not null references attempt, at bigint not null, step text not null,
      primary key (attempt_id, at)
    )`,
  // A ticket is good for one stay of one page; the last one given is the one that is alive.
  sql`
    create table live_ticket (
      nonce text primary key, attempt_id uuid not null references attempt, lease integer, issued_at bigint not null,
      stay text, joined_at bigint
    )`,
  sql`create index live_ticket_attempt on live_ticket (attempt_id, issued_at)`,
  sql`
    create table still (
      attempt_id uuid not null references attempt, source text not null, at bigint not null, bytes integer not null,
      stored_as text not null, primary key (attempt_id, source)
    )`,
]

export const live: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(db)
  },
}
