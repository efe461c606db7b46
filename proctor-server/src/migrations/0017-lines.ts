import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  sql`
    create table attempt_line (
      line text primary key, attempt_id uuid not null references attempt on delete cascade, replica text not null,
      superseded boolean not null default false
    )`,
  sql`create index attempt_line_of_attempt on attempt_line (attempt_id)`,
  sql`create index attempt_line_superseded on attempt_line (replica) where superseded`,
  // Pages that are there now are some process's that wrote no line: they are given up unless they come back.
  sql`
    insert into attempt_line (line, attempt_id, replica)
    select 'before ' || id, id, 'before' from attempt where (state #>> '{presence,connected}')::boolean`,
]

/** The lines of candidates' pages and the process that holds each, so that any process knows who is still there [ATT-06.8]. */
export const lines: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(db)
  },
}
