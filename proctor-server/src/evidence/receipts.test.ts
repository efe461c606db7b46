import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import type { ReceiptFile } from '@vigie/contract/evidence/receipt'
import type { JSONWebKeySet } from 'jose'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../platform/keys.ts'
import { granted, saveOneAnswer, startSitting, type Candidate } from '../testing/examDay.ts'
import { request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { verifyFile } from './verifyFile.ts'

const command = new URL('../verify.ts', import.meta.url).pathname

describe('the receipt of an attempt', () => {
  let server: TestServer
  let candidate: Candidate
  let file: ReceiptFile
  let keys: JSONWebKeySet
  let folder: string

  const receiptOf = (page: Candidate) =>
    request(server, 'GET', `/api/attempts/${page.attempt}/receipt`, { credential: page.credential })
  const verify = (other: Partial<ReceiptFile>) => verifyFile(JSON.stringify({ ...file, ...other }), keys)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vigie-receipt-'))
    server = await startTestServer()
    const sitting = await startSitting(server)
    candidate = sitting.candidate
    const attempt = attemptId.parse(candidate.attempt)
    expect(await receiptOf(candidate)).toMatchObject({ status: 409, body: { code: 'not-sealed' } })
    await saveOneAnswer(server, candidate)
    granted(await candidate.ask('attempt:request-end', { lastNumber: 1 }))
    await sitting.console.case((one) => one.view.sitting?.endRequest != null)
    granted(await sitting.console.ask('supervision:agree-to-end', { attempt }))
    await candidate.status('sealed')
    file = (await receiptOf(candidate)).body as unknown as ReceiptFile
    keys = (await request(server, 'GET', '/.well-known/jwks.json')).body as unknown as JSONWebKeySet
    sitting.console.close()
  })
  afterAll(async () => {
    candidate?.close()
    await server?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  it('[EVD-05.3] is signed, stands on the whole chain and names nobody', async () => {
    const outcome = await verify({})
    expect(outcome).toMatchObject({ step: 'record', verdict: { ok: true, grown: 0 } })
    if (outcome.step !== 'record') throw new Error(outcome.problem)
    expect(outcome.receipt).toMatchObject({
      number: 1,
      record: { attempt: candidate.attempt, closedBy: 'submitted', counted: { number: 1 } },
    })
    expect(JSON.stringify(outcome.receipt) + JSON.stringify(file.chain)).not.toMatch(
      /Camille|Sacha|demo\.test/,
    )
  })

  it('[EVD-05.3] asked again without anything new it is the same one', async () => {
    expect((await receiptOf(candidate)).body).toEqual(file)
  })

  it('[EVD-05.4] a letter of the signed text changed, or another key, is refused', async () => {
    const [head, payload, signature] = file.receipt.split('.') as [string, string, string]
    const other = payload.startsWith('A') ? `B${payload.slice(1)}` : `A${payload.slice(1)}`
    expect(await verify({ receipt: [head, other, signature].join('.') })).toMatchObject({ step: 'signature' })
    expect(await verifyFile(JSON.stringify(file), { keys: [] })).toMatchObject({ step: 'signature' })
    expect(await verifyFile('{"chain":[]}', keys)).toMatchObject({ step: 'form' })
  })

  it('[EVD-05.4] the command names the place of an event that is missing, and says what holds', async () => {
    const run = async (content: ReceiptFile) => {
      const path = join(folder, 'receipt.json')
      await writeFile(path, JSON.stringify(content))
      const keyFile = join(folder, 'keys.json')
      await writeFile(keyFile, JSON.stringify(keys))
      try {
        const { stdout } = await promisify(execFile)(process.execPath, [command, path, '--keys', keyFile])
        return { code: 0, stdout }
      } catch (error) {
        return error as { code: number; stdout: string }
      }
    }
    expect(await run(file)).toMatchObject({ code: 0, stdout: expect.stringContaining('HOLDS') as string })
    const without = { ...file, chain: file.chain.filter(({ seq }) => seq !== 7) }
    expect(await run(without)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('BROKEN at event 7: missing') as string,
    })
  })

  it('[EVD-05.5] whoever holds the receipt sees whether the record of today still bears it out', async () => {
    const today = async () =>
      (await request(server, 'GET', `/api/receipts/${sha256(file.receipt)}/record`)).body as {
        chain: ReceiptFile['chain']
      }
    expect(await verify(await today())).toMatchObject({ verdict: { ok: true } })
    await sql`update attempt_event set data = replace(data, '"answeredCount":1', '"answeredCount":9')
      where attempt_id = ${candidate.attempt} and type = 'answers-saved'`.execute(server.db)
    const saved = file.chain.find(({ text }) => text.includes('"answers-saved"'))!
    expect(await verify(await today())).toMatchObject({
      verdict: { ok: false, chain: { seq: saved.seq, fault: 'altered' } },
    })
    await sql`update attempt_event set data = ${saved.text}
      where attempt_id = ${candidate.attempt} and seq = ${saved.seq}`.execute(server.db)
    expect((await request(server, 'GET', `/api/receipts/${'0'.repeat(64)}/record`)).status).toBe(404)
  })

  it('[EVD-04.2] destroying answers, texts and salts leaves receipt and record verifiable', async () => {
    await server.db.deleteFrom('attempt_save').where('attempt_id', '=', candidate.attempt).execute()
    await server.db.deleteFrom('attempt_text').where('attempt_id', '=', candidate.attempt).execute()
    const { body } = await receiptOf(candidate)
    expect(await verifyFile(JSON.stringify(body), keys)).toMatchObject({ verdict: { ok: true } })
  })

  it('[EVD-05.3] a segment that comes in later makes a second receipt; the first stays good', async () => {
    await server.db
      .insertInto('segment')
      .values({
        attempt_id: candidate.attempt,
        track: 'camera',
        rendition: '01900000-0000-7000-8000-00000000cafe',
        number: 1,
        digest: 'ab'.repeat(32) as never,
        previous: null,
        bytes: 10,
        started_at: 1,
        ended_at: 2,
        lease: 1,
        superseded: false,
        committed_at: 3,
      })
      .execute()
    const later = await verifyFile(JSON.stringify((await receiptOf(candidate)).body), keys)
    expect(later).toMatchObject({
      receipt: { number: 2, recording: [{ track: 'camera', committed: 1, received: 0, missing: [1] }] },
    })
    expect(await verify({})).toMatchObject({ verdict: { ok: true } })
  })
})
