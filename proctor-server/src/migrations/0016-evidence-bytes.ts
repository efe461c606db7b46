import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What each recorded stream weighs, so that a promise need not add up hours of segments [EVD-02]. */
export const evidenceBytes: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table evidence_stream add column bytes bigint not null default 0`.execute(db)
    await sql`
      update evidence_stream set bytes = there.bytes
      from (select attempt_id, track, rendition, sum(bytes) as bytes from segment group by 1, 2, 3) as there
      where evidence_stream.attempt_id = there.attempt_id and evidence_stream.track = there.track
        and evidence_stream.rendition = there.rendition`.execute(db)
  },
}
