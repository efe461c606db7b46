import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import { canonicalJson, type Json } from '@vigie/exam-engine/evidence/canonicalJson'
import { GENESIS, type ChainLink } from '@vigie/exam-engine/evidence/chain'
import { RECEIPT_FORMAT, receiptRecord, recordedStreams } from '@vigie/exam-engine/evidence/receipt'
import { arrivalText, promiseText, type RecordedPieces } from '@vigie/exam-engine/evidence/streams'
import { CompactSign, exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '#lib/platform/sha256.ts'
import { checkReceipt } from './receiptCheck.ts'

const uuid = (last: number) => `00000000-0000-7000-8000-00000000000${last}`
const rendition = uuid(8)
const promise = { order: 1, digest: 'ab'.repeat(32), previous: null, bytes: 9, from: 1, to: 2 }
const arrival = { order: 1, digest: 'cd'.repeat(32) }
const streams = [{ track: 'screen', rendition, pieces: [{ number: 0, promise, arrival }] }] as unknown as [
  RecordedPieces,
]
const events = [
  {
    type: 'scheduled',
    at: 1,
    by: { role: 'system' },
    booking: {
      attemptId: uuid(1),
      candidateId: uuid(2),
      sessionId: uuid(3),
      certificationId: uuid(4),
      paperId: uuid(5),
    },
  },
  { type: 'no-show', at: 2, by: { role: 'system' }, reason: 'absent' },
] as unknown as AttemptEvent[]

describe('verification in the browser', () => {
  const links: ChainLink[] = []
  let keys: JSONWebKeySet
  let file: { receipt: string; chain: ChainLink[]; streams: RecordedPieces[] }

  beforeAll(async () => {
    const [{ pieces }] = streams
    const standing = {
      track: 'screen',
      rendition,
      promised: 1,
      promisedHead: await sha256(`${GENESIS}\n${promiseText(0, pieces[0]!.promise!)}`),
      received: 1,
      receivedHead: await sha256(`${GENESIS}\n${arrivalText(0, pieces[0]!.arrival!)}`),
    } as const
    const attested = { type: 'streams-attested', at: 2, by: { role: 'system' }, streams: [standing] } as const
    const digest = 'ef'.repeat(32)
    const saves = [1, 2].map(async (number) => {
      const on = number - 1
      const first = await sha256(`${GENESIS}\n1 ${digest}`)
      const link = number === 1 ? first : await sha256(`${first}\n2 ${digest}`)
      const save = { type: 'answers-saved', at: 2, by: { role: 'system' }, number, digest, answeredCount: 1 }
      return { ...save, lease: 1, stands: { on, link } } as unknown as AttemptEvent
    })
    const record = [...events, attested, ...(await Promise.all(saves))]
    for (const event of record) {
      const seq = links.length + 1
      const text = canonicalJson({ seq, event: event as unknown as Json })
      links.push({ seq, text, hash: await sha256(`${links.at(-1)?.hash ?? GENESIS}\n${text}`) })
    }
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' })
    keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'EdDSA' }] }
    const receipt = {
      format: RECEIPT_FORMAT,
      number: 1,
      issuedAt: 3,
      chain: { length: links.length, head: links.at(-1)!.hash },
      record: receiptRecord(record),
      recording: recordedStreams(streams, [standing]),
    }
    const text = canonicalJson(receipt as unknown as Json)
    const jws = await new CompactSign(new TextEncoder().encode(text))
      .setProtectedHeader({ alg: 'EdDSA', kid: 'one', typ: 'vigie-receipt' })
      .sign(privateKey)
    file = { receipt: jws, chain: links, streams }
  })
  const check = (other: object, by = keys) => checkReceipt(JSON.stringify({ ...file, ...other }), by)

  it('[EVD-05.4] signature and record hold', async () => {
    expect(await check({})).toMatchObject({ kind: 'signed', enclosed: { ok: true, length: 5, grown: 0 } })
  })

  it('[EVD-04.4] the page’s own chain of saves is hashed anew', async () => {
    expect(await check({})).toMatchObject({
      enclosed: { answers: { linked: 2, unlinked: 0, breaks: [] } },
    })
  })

  it('[EVD-05.4] the first bad place of the record is named', async () => {
    const altered = links.with(1, { ...links[1]!, text: links[1]!.text.replace('absent', 'refused') })
    expect(await check({ chain: altered })).toMatchObject({
      enclosed: { ok: false, chain: { seq: 2, fault: 'altered' } },
    })
    expect(await check({ chain: [links[0]] })).toMatchObject({
      enclosed: { ok: false, chain: { seq: 2, fault: 'missing' } },
    })
  })

  it('[EVD-04.3] [EVD-05.4] a recorded piece that is not the one attested is named', async () => {
    const [{ pieces, ...name }] = streams
    const other = { ...pieces[0]!, arrival: { order: 1, digest: 'ef'.repeat(32) } }
    expect(await check({ streams: [{ ...name, pieces: [other] }] })).toMatchObject({
      enclosed: { ok: false, stream: { ...name, list: 'arrivals', place: 1, fault: 'altered' } },
    })
    expect(await check({ streams: [] })).toMatchObject({
      enclosed: { ok: false, stream: { ...name, list: 'promises', place: 1, fault: 'missing' } },
    })
  })

  it('[EVD-05.4] another key, a changed text or another file is no receipt', async () => {
    expect(await check({}, { keys: [] })).toEqual({ kind: 'unsigned' })
    expect(await check({ receipt: file.receipt.replace('.', '.A') })).toEqual({ kind: 'unsigned' })
    expect(await checkReceipt('{"some":"thing"}', keys)).toEqual({ kind: 'unreadable' })
    expect(await checkReceipt('not json', keys)).toEqual({ kind: 'unreadable' })
  })
})
