import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { textId } from '../attempt/ids.ts'
import { CANDIDATE, dayIn, hash, LEAD, SYSTEM } from '../attempt/testDay.ts'
import { chainLink, GENESIS, type ChainLink } from './chain.ts'
import { FORMER_RECEIPT_FORMAT, RECEIPT_FORMAT, receiptRecord, recordedStreams } from './receipt.ts'
import { arrivalText, promiseText, streamHead, type RecordedPieces } from './streams.ts'
import { verifyReceipt } from './verifyReceipt.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const day = dayIn('running')
day.after(60).tell(CANDIDATE, { type: 'save', number: 1, digest: hash('a'), answeredCount: 4 })
day.after(5).tell(LEAD, { type: 'addTime', seconds: 90, reason: { code: 'platform-problem', note: null } })
day.after(60).tell(CANDIDATE, { type: 'save', number: 3, digest: hash('c'), answeredCount: 9 })
day.tell(LEAD, { type: 'terminate', reason: { code: 'candidate-gave-up', note: null } })
const noteId = textId.parse('00000000-0000-7000-8000-0000000000aa')
day.tell(LEAD, { type: 'keepText', kind: 'note', textId: noteId, digest: hash('d'), repeated: false })
const rendition = '00000000-0000-7000-8000-00000000cafe'
const promise = { order: 1, digest: hash('1'), previous: null, bytes: 90, from: 1, to: 2 }
const streams: RecordedPieces[] = [
  {
    track: 'camera',
    rendition,
    pieces: [
      { number: 0, promise, arrival: { order: 1, digest: hash('e1') } },
      { number: 1, promise: { ...promise, order: 2, digest: hash('2'), previous: hash('1') }, arrival: null },
      { number: 2, promise: { ...promise, order: 3, digest: hash('3'), previous: hash('2') }, arrival: null },
    ],
  },
]
const [first, second] = streams[0]!.pieces
const promised = [first!, second!].reduce(
  (head, { number, promise: one }) => streamHead(sha256, head, promiseText(number, one!)),
  GENESIS,
)
const standing = {
  track: 'camera',
  rendition,
  promised: 2,
  promisedHead: promised,
  received: 1,
  receivedHead: streamHead(sha256, GENESIS, arrivalText(0, first!.arrival!)),
} as const
day.tell(SYSTEM, { type: 'attestStreams', streams: [standing] })
const aside = { cause: 'too-late', from: 1, number: 9, digest: hash('9'), answeredCount: 9 } as const
day.tell(SYSTEM, { type: 'setAnswersAside', ...aside, repeated: false })
const events = day.record
const links: ChainLink[] = []
for (const event of events)
  links.push(chainLink(sha256, links.at(-1)?.hash ?? GENESIS, { seq: links.length + 1, event }))
type Said = Parameters<typeof verifyReceipt>[1]
const ground = { chain: links, streams }
const receipt: Said & { readonly format: typeof RECEIPT_FORMAT } = {
  format: RECEIPT_FORMAT,
  chain: { length: links.length, head: links.at(-1)!.hash },
  record: receiptRecord(events),
  recording: recordedStreams(streams, [standing]),
}
const verify = (chain: readonly ChainLink[], pieces: readonly RecordedPieces[] = streams) =>
  verifyReceipt(sha256, receipt, { chain, streams: pieces })

describe('the record of a receipt', () => {
  it('[EVD-05.3] holds times, ledger, hashes of the answers, and ids that name nobody', () => {
    const { record } = receipt
    expect(record.saves.map(({ number, digest, late }) => [number, digest, late])).toEqual([
      [1, hash('a'), false],
      [3, hash('c'), false],
    ])
    expect(record.counted).toEqual({ number: 3, digest: hash('c') })
    expect(record.ledger).toMatchObject([{ number: 1, kind: 'added', seconds: 90, decidedBy: 'person' }])
    expect(record.deadline).toBe(record.startedAt! + (record.grantedSeconds! + 90) * 1000)
    expect(record).toMatchObject({ closedBy: 'terminated', sealedAt: record.closedAt })
  })

  it('[EVD-04.2] [EVD-05.3] holds texts as digests, what was set aside, and the recording by its heads', () => {
    const { record, recording } = receipt
    expect(record.texts).toMatchObject([{ kind: 'note', by: 'staff', digest: hash('d') }])
    expect(record.setAside).toMatchObject([{ cause: 'too-late', number: 9, digest: hash('9') }])
    expect(record.streams).toEqual([standing])
    expect(recording).toEqual([
      { track: 'camera', rendition, committed: 2, lastDigest: hash('2'), received: 1, missing: [1] },
    ])
  })

  it('[EVD-05.3] an attempt opened again is not closed by what closed it before', () => {
    const again = dayIn('sealed')
    again.tell(LEAD, { type: 'reactivate', reason: { code: 'closed-by-mistake', note: null } })
    expect(receiptRecord(again.record)).toMatchObject({ closedAt: null, sealedAt: null, counted: null })
  })
})

describe('verification of a receipt', () => {
  it('[EVD-05.4] a record that only grew since bears it out', () => {
    expect(verify(links)).toMatchObject({ ok: true, length: links.length, grown: 0 })
    const earlier: Said = {
      format: RECEIPT_FORMAT,
      recording: [],
      chain: { length: 5, head: links[4]!.hash },
      record: receiptRecord(events.slice(0, 5)),
    }
    expect(verifyReceipt(sha256, earlier, ground)).toMatchObject({ ok: true, grown: links.length - 5 })
  })

  it('[EVD-05.4] one event altered, missing or reordered is found, and its place named', () => {
    for (const [index, { seq }] of links.entries()) {
      const altered = links.map((link) =>
        link.seq === seq ? { ...link, text: link.text.replace('"at":', '"at":9') } : link,
      )
      expect(verify(altered)).toEqual({ ok: false, chain: { seq, fault: 'altered' } })
      const cut = links.filter((link) => link.seq !== seq)
      expect(verify(cut)).toEqual({ ok: false, chain: { seq, fault: 'missing' } })
      if (index === 0) continue
      const swapped = links.with(index - 1, links[index]!).with(index, links[index - 1]!)
      expect(verify(swapped)).toEqual({
        ok: false,
        chain: { seq: seq - 1, fault: 'reordered' },
      })
    }
  })

  it('[EVD-05.4] a chain made anew after a change no longer ends where the receipt says', () => {
    const forged: ChainLink[] = []
    for (const event of events.with(0, { ...events[0]!, at: 1 }))
      forged.push(chainLink(sha256, forged.at(-1)?.hash ?? GENESIS, { seq: forged.length + 1, event }))
    expect(verify(forged)).toEqual({
      ok: false,
      chain: { seq: forged.length, fault: 'altered' },
    })
  })

  it('[EVD-04.3] [EVD-05.4] a recorded piece that is not the one attested is found and named; later ones are free', () => {
    const { pieces } = streams[0]!
    const withPieces = (change: RecordedPieces['pieces']) => [{ ...streams[0]!, pieces: change }]
    const other = { ...first!, promise: { ...promise, digest: hash('bad') } }
    expect(verify(links, withPieces(pieces.with(0, other)))).toMatchObject({
      ok: false,
      stream: { track: 'camera', list: 'promises', place: 1, number: 0, fault: 'altered' },
    })
    expect(verify(links, withPieces(pieces.slice(0, 1)))).toMatchObject({
      stream: { place: 2, fault: 'missing' },
    })
    expect(verify(links, withPieces(pieces.slice(0, 2))).ok).toBe(true)
    const arrived = { ...second!, arrival: { order: 2, digest: hash('e2') } }
    expect(verify(links, withPieces(pieces.with(1, arrived))).ok).toBe(true)
  })

  it('[EVD-05.4] a recording that the receipt tells otherwise than its pieces is found out', () => {
    const wishful: Said = { ...receipt, recording: receipt.recording.map((one) => ({ ...one, missing: [] })) }
    expect(verifyReceipt(sha256, wishful, ground)).toEqual({ ok: false, differs: 'recording' })
  })

  it('[EVD-05.4] a receipt of the former format stays verifiable by what it says', () => {
    const { setAside, texts, streams: heads, ...record } = receipt.record
    void [setAside, texts, heads]
    const old: Said = { ...receipt, format: FORMER_RECEIPT_FORMAT, record: record as Said['record'] }
    expect(verifyReceipt(sha256, old, { chain: links, streams: [] }).ok).toBe(true)
    const wishful: Said = { ...old, record: { ...old.record, closedAt: 1 } }
    expect(verifyReceipt(sha256, wishful, { chain: links, streams: [] })).toEqual({
      ok: false,
      differs: 'closedAt',
    })
  })

  it('[EVD-05.4] a receipt that says something else than its chain is found out by the field', () => {
    const wishful: Said = {
      ...receipt,
      record: { ...receipt.record, deadline: receipt.record.deadline! + 60_000 },
    }
    expect(verifyReceipt(sha256, wishful, ground)).toEqual({ ok: false, differs: 'deadline' })
  })

  it('[EVD-04.2] it needs no answer, no text and no salt: destroying them leaves it verifiable', () => {
    const text = links.map((link) => link.text).join('\n')
    expect(text).not.toMatch(/"(salt|answers|text|name|email)":/)
    expect(verify(structuredClone(links)).ok).toBe(true)
  })
})
