import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import { canonicalJson, type Json } from '@vigie/exam-engine/evidence/canonicalJson'
import { GENESIS, type ChainLink } from '@vigie/exam-engine/evidence/chain'
import { RECEIPT_FORMAT, receiptRecord } from '@vigie/exam-engine/evidence/receipt'
import { CompactSign, exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkReceipt, sha256 } from './receiptCheck.ts'

const uuid = (last: number) => `00000000-0000-7000-8000-00000000000${last}`
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
  let file: { receipt: string; chain: ChainLink[] }

  beforeAll(async () => {
    for (const event of events) {
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
      chain: { length: 2, head: links[1]!.hash },
      record: receiptRecord(events),
      recording: [],
    }
    const text = canonicalJson(receipt as unknown as Json)
    const jws = await new CompactSign(new TextEncoder().encode(text))
      .setProtectedHeader({ alg: 'EdDSA', kid: 'one', typ: 'vigie-receipt' })
      .sign(privateKey)
    file = { receipt: jws, chain: links }
  })
  const check = (other: object, by = keys) => checkReceipt(JSON.stringify({ ...file, ...other }), by)

  it('[EVD-05.4] signature and record hold', async () => {
    expect(await check({})).toMatchObject({ kind: 'signed', enclosed: { ok: true, length: 2, grown: 0 } })
  })

  it('[EVD-05.4] the first bad place of the record is named', async () => {
    const altered = [links[0], { ...links[1]!, text: links[1]!.text.replace('absent', 'refused') }]
    expect(await check({ chain: altered })).toMatchObject({
      enclosed: { ok: false, chain: { seq: 2, fault: 'altered' } },
    })
    expect(await check({ chain: [links[0]] })).toMatchObject({
      enclosed: { ok: false, chain: { seq: 2, fault: 'missing' } },
    })
  })

  it('[EVD-05.4] another key, a changed text or another file is no receipt', async () => {
    expect(await check({}, { keys: [] })).toEqual({ kind: 'unsigned' })
    expect(await check({ receipt: file.receipt.replace('.', '.A') })).toEqual({ kind: 'unsigned' })
    expect(await checkReceipt('{"some":"thing"}', keys)).toEqual({ kind: 'unreadable' })
    expect(await checkReceipt('not json', keys)).toEqual({ kind: 'unreadable' })
  })
})
