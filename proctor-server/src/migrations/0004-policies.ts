import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  sql`alter table policy add column reason text not null default ''`,
  // What the check has learned to measure since: every version asks for it with the product's own figures.
  sql`
    update equipment_policy set content =
      jsonb_build_object(
        'connection', jsonb_build_object('maxLossShare', 0.05),
        'conditions',
          jsonb_build_object('minScreenWidth', 1024, 'minScreenHeight', 640, 'maxClockSkewSeconds', 60)
      )
      || content
      || jsonb_build_object('microphone', jsonb_build_object('maxClippedShare', 0.01) || (content -> 'microphone'))
      || jsonb_build_object(
        'items',
        jsonb_build_object('loudspeaker', 'compulsory', 'connection', 'compulsory', 'conditions', 'compulsory')
          || (content -> 'items')
      )`,
  // Reports without an owner wait to be claimed, once; the owner's own are looked for by their end [CHK-01][CHK-12].
  sql`alter table equipment_report add column claimed_at bigint`,
]

/** Policies with reasons, and a check that measures more. */
export const policies: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(db)
  },
}
