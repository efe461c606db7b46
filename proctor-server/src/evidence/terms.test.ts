import { DAY } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { epochEnd, epochOf } from './epochs.ts'
import { segmentBytes } from './playback.ts'
import { retireEpochs } from './rotation.ts'
import { openRetention } from './retention.ts'
import { DESTROYED_WITH_MEDIA, sweepEvidence } from './sweep.ts'
import { endTerms, REDUCED_WITH_ANSWERS } from './terms.ts'
import { recorded, someone } from './testDestruction.ts'
import { openHall, START } from './testHall.ts'

describe('[EVD-06] the keys of weeks', () => {
  it('knows when a week is over', () => {
    expect(epochEnd('2026-w51')).toBe(Date.UTC(2026, 11, 21))
    expect(epochEnd('2026-w53')).toBe(Date.UTC(2027, 0, 4))
    expect(epochEnd('2027-w01')).toBe(Date.UTC(2027, 0, 11))
  })

  it('go seven weeks after their week, not before; what is not yet due is wrapped anew and still opens', async () => {
    await using hall = await openHall()
    const { attempt, runs } = await recorded(hall)
    const staff = await someone(hall, 'registrar')
    // Reactivated and ended much later: its term is still to come when its week's key goes.
    await openRetention(hall.db, [{ attempt, endedAt: START + 30 * DAY }])
    hall.clock.move(epochEnd(epochOf(START)) + 49 * DAY - 1 - START)
    expect(await retireEpochs(hall)).toEqual([])
    hall.clock.move(1)
    expect(await retireEpochs(hall)).toEqual(['2026-w51'])
    const { epoch } = await hall.db.selectFrom('attempt_key').select('epoch').executeTakeFirstOrThrow()
    expect(epoch).toBe(epochOf(hall.clock.now()))
    const shown = await segmentBytes(hall, staff, attempt, runs[1]!, 'review')
    expect(shown.equals(runs[1]!.content)).toBe(true)
    expect(await hall.db.selectFrom('epoch_destroyed').selectAll().execute()).toMatchObject([
      { epoch: '2026-w51', rewrapped: 1 },
    ])
  })
})

/** What else may speak of an attempt, and until when: docs/data-protection.md has a line for each. */
const OTHER_TERMS: Readonly<Record<string, string>> = {
  attempt_key: 'deleted by the transaction that writes the certificate',
  attempt_line: 'deleted when the page it holds goes',
  attempt_event: 'as long as the account: ids, times and digests, no text',
  attempt_receipt: 'as long as the account',
  attempt_score: 'as long as the account',
  attempt_score_before: 'as long as the account',
  review: 'as long as the account: the verdict, its reasons, the answer to it',
  audit_log: 'a year after the act',
  equipment_report: 'a year after it was filed',
  segment: 'kept: digests, sizes and times, where nothing lies any more',
  evidence_stream: 'kept: how far each stream came, as digests and counts',
  retention: 'kept: dates',
  destruction_certificate: 'kept: opaque ids and digests',
  daily_head_leaf: 'kept: opaque ids and digests',
}

describe('[RET-01] the other terms', () => {
  it('[RET-01.0] every table that speaks of an attempt has its term: a new one is told here and in the sweep', async () => {
    await using hall = await openHall()
    const { rows } = await sql<{ name: string }>`
      select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'attempt_id'`.execute(hall.db)
    const known = [...DESTROYED_WITH_MEDIA, ...REDUCED_WITH_ANSWERS, ...Object.keys(OTHER_TERMS)]
    expect(rows.map(({ name }) => name).sort()).toEqual(known.sort())
  })

  it('answers with their salts go a year after the end, the chain stays; reports, access log and sign-ins go at theirs', async () => {
    await using hall = await openHall()
    const { attempt } = await recorded(hall)
    await hall.db
      .insertInto('attempt_save')
      .values({ attempt_id: attempt, number: 1, lease: 1, at: START, salt: 'salt', answers: '{}' })
      .execute()
    await sql`
      insert into sign_in_verification (id, identifier, value, "expiresAt")
      values (gen_random_uuid(), 'x', 'y', to_timestamp(${START / 1000}::double precision))`.execute(hall.db)
    const saves = () => hall.db.selectFrom('attempt_save').selectAll().execute()
    hall.clock.move(364 * DAY)
    await sweepEvidence(hall)
    expect(await endTerms(hall)).toMatchObject({ answers: 0, 'sign-in': 1 })
    expect(await saves()).toHaveLength(1)
    hall.clock.move(DAY)
    expect(await endTerms(hall)).toMatchObject({ answers: 1 })
    expect(await saves()).toHaveLength(0)
    expect(await endTerms(hall)).toMatchObject({ answers: 0 })
    hall.clock.move(2 * 365 * DAY)
    const ended = await endTerms(hall)
    expect(ended['access-log']).toBeGreaterThan(0)
    expect(await hall.db.selectFrom('audit_log').selectAll().execute()).toEqual([])
  })
})
