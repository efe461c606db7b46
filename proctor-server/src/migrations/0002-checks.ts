import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  // Same numbers as the certification's policy: the version an attempt has frozen names this row too.
  sql`
    create table equipment_policy (
      certification_id uuid not null references certification, version integer not null, content jsonb not null,
      created_at bigint not null, primary key (certification_id, version)
    )`,
  sql`create sequence equipment_report_number`,
  sql`
    create table equipment_report (
      id uuid primary key, number text not null unique, filed_at bigint not null,
      person_id uuid references person on delete set null, attempt_id uuid references attempt,
      certification_id uuid references certification, policy_version integer, policy jsonb not null,
      measurements jsonb not null, verdicts jsonb not null, overall text not null, valid_until bigint
    )`,
  sql`create index equipment_report_person on equipment_report (person_id, filed_at)`,
  sql`create index equipment_report_attempt on equipment_report (attempt_id, filed_at)`,
]

export const checks: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await statement.execute(db)
  },
}
