import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  sql`
    create table hold (
      id uuid primary key, attempt_id uuid not null references attempt, kind text not null, reason text not null,
      author_id uuid not null references person, author_role text not null, from_at bigint not null,
      until_at bigint not null, ended_at bigint, ended_by uuid references person
    )`,
  sql`create index hold_attempt on hold (attempt_id)`,
  sql`
    create table destruction_certificate (
      attempt_id uuid primary key references attempt, issued_at bigint not null, jws text not null
    )`,
  // A week whose key is gone: what it wrapped opens no more, wherever a copy may lie.
  sql`create table epoch_destroyed (epoch text primary key, at bigint not null, rewrapped integer not null)`,
  // When answers, texts and whatever else outlives the recording were reduced too.
  sql`alter table retention add column reduced_at bigint`,
  sql`
    create table daily_head (
      day text primary key, at bigint not null, leaves integer not null, root text not null, previous text,
      jws text not null
    )`,
  // A chain enters the day it grew; the tree of a day is made of the last entry of each attempt up to then.
  sql`
    create table daily_head_leaf (
      attempt_id uuid not null, day text not null, length integer not null, head text not null,
      primary key (attempt_id, day)
    )`,
  sql`create index attempt_key_epoch on attempt_key (epoch)`,
]

export const retention: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(db)
  },
}
