import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { segmentPath } from '@vigie/contract/evidence/segment'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import type { ReceiptFile } from '@vigie/contract/evidence/receipt'
import type { JSONWebKeySet } from 'jose'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lockAttempt } from '../attempt/store.ts'
import { sha256 } from '../platform/keys.ts'
import { createAttestation } from './attest.ts'
import { openRetention } from './retention.ts'
import { granted, saveOneAnswer, startSitting, type Candidate } from '../testing/examDay.ts'
import { request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { keptTexts } from '../supervision/keptText.ts'
import { enrolSegments } from '../migrations/0014-attested.ts'
import { commitOf, record, type Recorded } from './testHall.ts'
import { verifyFile, verifyTextFiles } from './verifyFile.ts'

const KEY = '01900000-0000-7000-8000-00000000c4a7'
const OTHER_KEY = '01900000-0000-7000-8000-00000000c4a8'
const command = new URL('../verify.ts', import.meta.url).pathname

/** A clock that a test moves; it runs on by itself in between, as clocks do. */
const movableClock = () => {
  let ahead = 0
  return {
    now: () => Date.now() + ahead,
    elapsed: () => performance.now(),
    forward: (ms: number) => (ahead += ms),
  }
}

describe('the receipt of an attempt', () => {
  const clock = movableClock()
  let camera: Recorded[]
  let server: TestServer
  let candidate: Candidate
  let file: ReceiptFile
  let keys: JSONWebKeySet
  let folder: string

  const receiptOf = (page: Candidate) =>
    request(server, 'GET', `/api/attempts/${page.attempt}/receipt`, { credential: page.credential })
  const commit = (pieces: readonly Recorded[]) =>
    request(server, 'POST', `/api/attempts/${candidate.attempt}/segments`, {
      credential: candidate.credential,
      body: { commits: pieces.map(commitOf) },
    })
  const deliver = async (piece: Recorded) => {
    const answer = await fetch(server.origin + segmentPath(candidate.attempt, piece), {
      method: 'PUT',
      headers: {
        authorization: `Attempt ${candidate.credential}`,
        'content-type': 'application/octet-stream',
      },
      body: new Uint8Array(piece.content),
    })
    expect(answer.status).toBe(200)
  }
  const attestations = async () => {
    const { rows } = await sql<{ data: string }>`select data from attempt_event
      where attempt_id = ${candidate.attempt} and type = 'streams-attested' order by seq`.execute(server.db)
    return rows.map(({ data }) => (JSON.parse(data) as { event: { streams: object[] } }).event.streams)
  }
  const verify = (other: Partial<ReceiptFile>) => verifyFile(JSON.stringify({ ...file, ...other }), keys)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vigie-receipt-'))
    server = await startTestServer({ clock })
    const sitting = await startSitting(server)
    candidate = sitting.candidate
    const attempt = attemptId.parse(candidate.attempt)
    expect(await receiptOf(candidate)).toMatchObject({ status: 409, body: { code: 'not-sealed' } })
    await saveOneAnswer(server, candidate)
    granted(await candidate.ask('chat:send', { key: KEY, text: 'Bonjour, ici Camille' }))
    const { console } = sitting
    granted(await console.ask('chat:send', { attempt, key: OTHER_KEY, text: 'Bonjour' }))
    granted(await console.ask('supervision:note', { attempt, text: 'calme', shownToCandidate: false }))
    const flag = { category: 'speech', severity: 'low', text: 'parle à voix basse' } as const
    granted(await console.ask('supervision:flag', { attempt, ...flag }))
    // As pages of the protocol before promise: what they knew of the server's clock is not said.
    camera = record('camera', 4, clock.now() - 20_000).map((piece) => ({ ...piece, offset: null }))
    expect((await commit(camera.slice(0, 4))).status).toBe(200)
    for (const piece of [camera[1]!, camera[0]!]) await deliver(piece)
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

  it('[EVD-04.2] [EVD-04.3] holds the digests of what was said and noted, and the heads of the recording', async () => {
    const outcome = await verify({})
    if (outcome.step !== 'record') throw new Error(outcome.problem)
    const { record: said, recording } = outcome.receipt
    expect(said.texts.map(({ kind, by }) => [kind, by])).toEqual([
      ['chat', 'candidate'],
      ['chat', 'staff'],
      ['note', 'staff'],
      ['flag', 'staff'],
    ])
    expect(said.streams).toMatchObject([{ track: 'camera', promised: 4, received: 2 }])
    expect(recording).toMatchObject([{ committed: 4, received: 2, missing: [2, 3] }])
    expect(file.streams[0]!.pieces.map(({ arrival }) => arrival?.order ?? null)).toEqual([2, 1, null, null])
    expect(JSON.stringify(file)).not.toMatch(/Bonjour|calme|voix basse/)
  })

  it('[EVD-05.7] whoever has the texts and salts can compare them; one that was changed is named by its event', async () => {
    const texts = async () => JSON.stringify(await keptTexts(server.db, candidate.attempt))
    const drafts = await server.db
      .selectFrom('attempt_save')
      .select(['salt', 'answers'])
      .where('attempt_id', '=', candidate.attempt)
      .execute()
    const compared = async () =>
      verifyTextFiles(JSON.stringify(file), [await texts(), JSON.stringify(drafts)])
    expect(await compared()).toEqual({ matched: 5, unmatched: [] })
    const line = server.db.updateTable('chat_line').where('id', '=', KEY)
    await line.set({ text: 'Bonjour, ici Noé' }).execute()
    const said = file.chain.find(({ text }) => text.includes(KEY))!
    expect((await compared()).unmatched).toEqual([{ seq: said.seq, event: 'text-kept' }])
    await line.set({ text: 'Bonjour, ici Camille' }).execute()
    await server.db.updateTable('remark').set({ severity: 'high' }).where('kind', '=', 'flag').execute()
    expect((await compared()).unmatched).toMatchObject([{ event: 'text-kept' }])
    await server.db.updateTable('remark').set({ severity: 'low' }).where('kind', '=', 'flag').execute()
  })

  it('[SUP-05] the same line sent again is the same line, and one event; the key of somebody else is refused', async () => {
    const again = { key: KEY, text: 'Bonjour, ici Camille' }
    expect(granted(await candidate.ask('chat:send', again)).id).toBe(KEY)
    expect((await receiptOf(candidate)).body).toEqual(file)
    expect(await candidate.ask('chat:send', { key: OTHER_KEY, text: 'Bonjour' })).toMatchObject({
      ok: false,
      error: { code: 'bad-input' },
    })
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
    const run = async (content: ReceiptFile, ...more: string[]) => {
      const path = join(folder, 'receipt.json')
      await writeFile(path, JSON.stringify(content))
      const keyFile = join(folder, 'keys.json')
      await writeFile(keyFile, JSON.stringify(keys))
      try {
        const { stdout } = await promisify(execFile)(process.execPath, [
          command,
          path,
          '--keys',
          keyFile,
          ...more,
        ])
        return { code: 0, stdout }
      } catch (error) {
        return error as { code: number; stdout: string }
      }
    }
    expect(await run(file)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^HOLDS: receipt .*\nHOLDS: 0 saves of answers.*, 1 of pages that/,
      ) as string,
    })
    const without = { ...file, chain: file.chain.filter(({ seq }) => seq !== 7) }
    expect(await run(without)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('BROKEN at event 7: missing') as string,
    })
    const [stream] = file.streams
    const gone = {
      ...file,
      streams: [{ ...stream!, pieces: stream!.pieces.filter((piece) => piece.number !== 1) }],
    }
    expect(await run(gone)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/BROKEN recording: camera .* place 2 of the promises: missing/) as string,
    })
    const textFile = join(folder, 'texts.json')
    await writeFile(textFile, JSON.stringify((await keptTexts(server.db, candidate.attempt)).slice(1)))
    const saved = file.chain.find(({ text }) => text.includes('"answers-saved"'))!
    expect(await run(file, '--texts', textFile)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`NO SUCH TEXT for event ${saved.seq} (answers-saved)`) as string,
    })
  })

  it('[EVD-05.5] whoever holds the receipt sees whether the record of today still bears it out', async () => {
    const today = async () =>
      (await request(server, 'GET', `/api/receipts/${sha256(file.receipt)}/record`)).body as {
        chain: ReceiptFile['chain']
        streams: ReceiptFile['streams']
      }
    expect(await verify(await today())).toMatchObject({ verdict: { ok: true } })
    const bytes = (much: number) =>
      sql`update segment set bytes = bytes + ${much} where attempt_id = ${candidate.attempt} and number = 3`.execute(
        server.db,
      )
    await bytes(1)
    expect(await verify(await today())).toMatchObject({
      verdict: { ok: false, stream: { track: 'camera', list: 'promises', fault: 'altered' } },
    })
    await bytes(-1)
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
    for (const table of ['chat_line', 'remark'] as const)
      await server.db.deleteFrom(table).where('attempt_id', '=', candidate.attempt).execute()
    await server.db.deleteFrom('attempt_text').where('attempt_id', '=', candidate.attempt).execute()
    const { body } = await receiptOf(candidate)
    expect(await verifyFile(JSON.stringify(body), keys)).toMatchObject({ verdict: { ok: true } })
  })

  it('[EVD-05.3] a segment that comes in later makes a second receipt; the first stays good', async () => {
    await deliver(camera[3]!)
    const file2 = (await receiptOf(candidate)).body as unknown as ReceiptFile
    const later = await verifyFile(JSON.stringify(file2), keys)
    expect(later).toMatchObject({
      receipt: { number: 2, recording: [{ track: 'camera', committed: 4, received: 3, missing: [2] }] },
      verdict: { ok: true },
    })
    // The first, with its own record and with the record of today.
    expect(await verify({})).toMatchObject({ verdict: { ok: true } })
    expect(await verify({ chain: file2.chain, streams: file2.streams })).toMatchObject({
      verdict: { ok: true, grown: 1 },
    })
  })

  it('[EVD-03] heads enter the chain once a minute while a recording grows, and not when nothing grew', async () => {
    const before = (await attestations()).length
    expect((await commit(camera)).status).toBe(200)
    const nobody = { replica: 'beside', withChanges: async () => {}, publish: () => {} }
    const { drain } = createAttestation({ db: server.db, clock, ...nobody })
    clock.forward(55_000)
    await drain()
    expect(await attestations()).toHaveLength(before)
    clock.forward(6_000)
    await drain()
    expect(await attestations()).toHaveLength(before + 1)
    expect((await attestations()).at(-1)).toMatchObject([{ track: 'camera', promised: 5, received: 3 }])
    clock.forward(120_000)
    await drain()
    expect(await attestations()).toHaveLength(before + 1)
  })

  it('[EVD-04.3] segments from before the heads get the same heads by the migration as by the server', async () => {
    const heads = () =>
      server.db
        .selectFrom('evidence_stream')
        .select(['promised', 'promised_head', 'received'])
        .where('attempt_id', '=', candidate.attempt)
        .execute()
    const before = await heads()
    await sql`update segment set promised_order = null, received_order = null`.execute(server.db)
    await server.db.deleteFrom('evidence_stream').execute()
    await enrolSegments(server.db as never)
    expect(await heads()).toEqual(before)
    // Of arrivals nobody knows the order any more: from here on it is that of the numbers, and attested as such.
    const { rows } = await sql<{ number: number; received_order: number }>`select number, received_order
      from segment where received_order is not null order by number`.execute(server.db)
    expect(rows.map(({ received_order }) => received_order)).toEqual([1, 2, 3])
  })
})

describe('writers of one attempt', () => {
  it('[EVD-03] [ATT-06] a promise does not wait for whoever judges the attempt, so that its closing never waits for a promise that waits for it', async () => {
    await using server = await startTestServer()
    const { candidate, console } = await startSitting(server)
    console.close()
    const pieces = record('camera', 2, Date.now() - 10_000)
    await server.db.transaction().execute(async (tx) => {
      await lockAttempt(tx, candidate.attempt)
      const promised = await request(server, 'POST', `/api/attempts/${candidate.attempt}/segments`, {
        credential: candidate.credential,
        body: { commits: pieces.map(commitOf) },
      })
      expect(promised.status).toBe(200)
      await openRetention(tx, [{ attempt: candidate.attempt, endedAt: Date.now() }])
    })
    candidate.close()
  })
})
