import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Who ever answered for an attempt is found without reading its saves, as who held it was; asked at every command. */
export const supervisors: Migration = {
  async up(db) {
    await sql`drop index if exists attempt_event_holder`.execute(db)
    await sql`create index if not exists attempt_event_supervisor on attempt_event (attempt_id, seq)
      where type in ('taken', 'handed-over', 'closed', 'refused', 'reactivated')`.execute(db)
  },
}
