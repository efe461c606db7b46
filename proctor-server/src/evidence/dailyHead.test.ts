import { verifyInclusion } from '@vigie/exam-engine/evidence/merkle'
import { DAY, HOUR } from '@vigie/kernel/instant'
import { compactVerify, createLocalJWKSet } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createJobs, type Jobs } from '../platform/jobs.ts'
import { sha256 } from '../platform/keys.ts'
import { createLog } from '../platform/log.ts'
import { mailJob } from '../platform/mail.ts'
import { headOf, makeDailyHead, proofOf, type DailyHeadDeps } from './dailyHead.ts'
import { openHall, type Hall } from './testHall.ts'
import { verifyCertificate, verifyProof } from './verifyStatement.ts'

let hall: Hall
let jobs: Jobs
let deps: DailyHeadDeps

beforeAll(async () => {
  hall = await openHall()
  jobs = createJobs(hall.databaseUrl, createLog('silent'))
  await jobs.start([mailJob({ smtpUrl: undefined, from: 'vigie@example.org' }, hall.db)])
  deps = {
    ...hall,
    jobs,
    publicOrigin: 'https://examens.example.org',
    recipients: ['notaire@example.org'],
  }
})
afterAll(async () => {
  await jobs?.stop()
  await hall?.[Symbol.asyncDispose]()
})

/** The chain of an attempt grows by one event, as far as its row tells. */
const grow = async (attempt: string, version: number) => {
  await hall.db
    .updateTable('attempt')
    .set({ version, head: sha256(`${attempt} ${version}`) })
    .where('id', '=', attempt)
    .execute()
}

describe('[EVD-05] the Merkle head of the day', () => {
  it('is made once a day whoever asks, signed, mailed out by the same transaction, and proves each chain as it then stood', async () => {
    const [one, two] = [await hall.attempt(), await hall.attempt()]
    const untouched = await hall.attempt()
    await grow(one, 3)
    await grow(two, 1)
    const made = await Promise.all([makeDailyHead(deps), makeDailyHead(deps), makeDailyHead(deps)])
    const [head] = made.filter((one) => one !== null)
    expect(made.filter((one) => one !== null)).toHaveLength(1)
    expect(head).toMatchObject({ day: '2026-12-17', leaves: 2, previous: null })
    const keys = createLocalJWKSet({ keys: await hall.signing.publicKeys() })
    const { payload } = await compactVerify(head!.jws, keys)
    const { jws, ...said } = head!
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual(said)

    await expect
      .poll(() => hall.db.selectFrom('local_mailbox').selectAll().execute(), { timeout: 15_000 })
      .toMatchObject([{ recipient: 'notaire@example.org', subject: 'Vigie : empreinte du 2026-12-17' }])
    const [letter] = await hall.db.selectFrom('local_mailbox').select('body').execute()
    expect(letter!.body).toContain(jws)

    const proof = (await proofOf(hall.db, head!.day, one))!
    expect(proof.leaf).toEqual({ attempt: one, length: 3, head: sha256(`${one} 3`) })
    expect(verifyInclusion(sha256, proof.leaf, proof.steps, head!.root)).toBe(true)
    expect(await proofOf(hall.db, head!.day, untouched)).toBeNull()

    // The command reads what the public route gives, and a word changed in it is seen.
    const published = { keys: await hall.signing.publicKeys() }
    const file = JSON.stringify(proof)
    expect(await verifyProof(file, published)).toMatchObject({ holds: true })
    const forged = { ...proof, leaf: { ...proof.leaf, length: 4 } }
    expect(await verifyProof(JSON.stringify(forged), published)).toMatchObject({ holds: false })
    const renamed = file.replaceAll('2026-12-17', '2026-12-16')
    expect(await verifyProof(renamed, published)).toMatchObject({ holds: false })
    expect(await verifyCertificate(proof.head.jws, published)).toMatchObject({ holds: false })

    // The next day another chain is longer; yesterday's head still proves what was.
    await grow(two, 2)
    expect(await makeDailyHead(deps)).toBeNull()
    hall.clock.move(DAY)
    const next = (await makeDailyHead(deps))!
    expect(next).toMatchObject({ day: '2026-12-18', leaves: 2, previous: head!.root })
    expect(next.root).not.toBe(head!.root)
    const old = (await proofOf(hall.db, head!.day, two))!
    expect(old.leaf.length).toBe(1)
    expect(verifyInclusion(sha256, old.leaf, old.steps, head!.root)).toBe(true)
    const unchanged = (await proofOf(hall.db, next.day, one))!
    expect(verifyInclusion(sha256, unchanged.leaf, unchanged.steps, next.root)).toBe(true)
    const entries = await hall.db.selectFrom('daily_head_leaf').selectAll().execute()
    expect(entries).toHaveLength(3)
    hall.clock.move(HOUR)
    expect(await headOf(hall.db, '2026-12-19')).toBeNull()
  })
})
