import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * The state of an attempt is written whole with every save and read whole: as text it costs PostgreSQL half of what
 * jsonb does (no tree built, nothing compressed), and unchanged text on the same page hardly reaches the log. Pages are
 * filled by half, so that a row's next version finds room beside it and no index is touched.
 */
const statements = [
  sql`alter table attempt set (fillfactor = 45, toast_tuple_target = 8160)`,
  sql`alter table attempt alter column state type json using state::json`,
  sql`alter table attempt alter column state set storage external`,
  // Places in the queue are counted without opening anybody's state.
  sql`alter table attempt add column waiting_since bigint`,
  sql`update attempt set waiting_since = (state->>'since')::bigint where status = 'waiting'`,
  sql`create index attempt_waiting on attempt (session_id, waiting_since, id) where waiting_since is not null`,
  // Who ever held an attempt is found without reading its saves.
  sql`create index attempt_event_holder on attempt_event (attempt_id, seq) where type in ('taken', 'handed-over')`,
]

export const savePath: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(db)
  },
}
