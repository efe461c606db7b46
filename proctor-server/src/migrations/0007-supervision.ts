import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

// Moments are epoch milliseconds of the server's clock (bigint).
const statements = `
create table attempt_request (
  id uuid primary key, attempt_id uuid not null references attempt, side text not null, kind text not null,
  asked_at bigint not null, asked_by uuid references person, settled_at bigint, outcome text
);
create index attempt_request_attempt on attempt_request (attempt_id, asked_at);
create unique index attempt_request_open on attempt_request (attempt_id, side, kind) where settled_at is null;
alter table remark add column seen_at bigint;
create table proctor_presence (
  person_id uuid primary key references person, connected boolean not null, due_at bigint not null
);
create index proctor_presence_due on proctor_presence (due_at);
create index attempt_proctor on attempt (proctor_id) where proctor_id is not null;
`

/** Requests between proctor and candidate, notices that are read, and proctors who come and go [SUP-02], [SUP-06]. */
export const supervision: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements.split(';\n')) {
      if (statement.trim()) await sql.raw(statement).execute(db)
    }
  },
}
