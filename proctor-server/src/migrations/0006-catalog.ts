import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  sql`alter table exam_session add column places integer not null default 500`,
  // A notice to everybody in the session, candidates and proctors [ADM-05]; null when there is none.
  sql`alter table exam_session add column banner jsonb`,
  sql`alter table paper add column version integer not null default 1`,
  sql`alter table paper add column changed_at bigint not null default 0`,
  // Addresses are 256 random bits: whoever has one was given the question it stands in.
  sql`
    create table paper_picture (
      id text primary key, paper_id uuid not null references paper, type text not null, content bytea not null,
      added_at bigint not null
    )`,
  // Never changed, only added to: the newest row of a question counts, the rest is the trace [ADM-04].
  sql`
    create table neutralisation (
      id uuid primary key, paper_id uuid not null references paper, question_id text not null,
      neutralised boolean not null, reason text not null, at bigint not null, by_person uuid references person,
      rescored integer
    )`,
  sql`create index neutralisation_paper on neutralisation (paper_id, at)`,
  // What an attempt's score was before each change.
  sql`
    create table attempt_score_before (
      attempt_id uuid not null references attempt, neutralisation_id uuid not null references neutralisation,
      points double precision not null, maximum double precision not null, at bigint not null,
      primary key (attempt_id, neutralisation_id)
    )`,
]

export const catalog: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(db)
  },
}
