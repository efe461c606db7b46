import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  // Declared before the exam, by the roster; frozen into the attempt's terms when its candidate enters.
  sql`alter table attempt add column accommodation jsonb`,
  // Public halves only: the private key is a file. A retired key stays, for what it signed must stay verifiable.
  sql`
    create table signing_key (
      kid text primary key, public_jwk jsonb not null, created_at bigint not null, retired_at bigint
    )`,
  // Every receipt that ever left, numbered per attempt: a later one says more (segments that came in meanwhile).
  sql`
    create table attempt_receipt (
      attempt_id uuid not null references attempt, number integer not null, issued_at bigint not null,
      content_digest text not null, jws text not null, jws_digest text not null unique, primary key (attempt_id, number)
    )`,
  // Found with a beat and in its transaction; credited to every sitting before any deadline is drained.
  sql`
    create table platform_outage (
      id uuid primary key, kind text not null, from_at bigint not null, to_at bigint, credited_at bigint
    )`,
  sql`create index platform_outage_open on platform_outage (from_at) where credited_at is null`,
]

export const attempt: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(db)
  },
}
