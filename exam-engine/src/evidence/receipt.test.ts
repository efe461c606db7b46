import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { CANDIDATE, dayIn, hash, LEAD } from '../attempt/testDay.ts'
import { chainLink, GENESIS, type ChainLink } from './chain.ts'
import { receiptRecord, verifyReceipt } from './receipt.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const day = dayIn('running')
day.after(60).tell(CANDIDATE, { type: 'save', number: 1, digest: hash('a'), answeredCount: 4 })
day.after(5).tell(LEAD, { type: 'addTime', seconds: 90, reason: { code: 'platform-problem', note: null } })
day.after(60).tell(CANDIDATE, { type: 'save', number: 3, digest: hash('c'), answeredCount: 9 })
day.tell(LEAD, { type: 'terminate', reason: { code: 'candidate-gave-up', note: null } })
const events = day.record
const links: ChainLink[] = []
for (const event of events)
  links.push(chainLink(sha256, links.at(-1)?.hash ?? GENESIS, { seq: links.length + 1, event }))
const receipt = {
  chain: { length: links.length, head: links.at(-1)!.hash },
  record: receiptRecord(events),
}

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

  it('[EVD-05.3] an attempt opened again is not closed by what closed it before', () => {
    const again = dayIn('sealed')
    again.tell(LEAD, { type: 'reactivate', reason: { code: 'closed-by-mistake', note: null } })
    expect(receiptRecord(again.record)).toMatchObject({ closedAt: null, sealedAt: null, counted: null })
  })
})

describe('verification of a receipt', () => {
  it('[EVD-05.4] a record that only grew since bears it out', () => {
    expect(verifyReceipt(sha256, receipt, links)).toEqual({ ok: true, length: links.length, grown: 0 })
    const earlier = {
      chain: { length: 5, head: links[4]!.hash },
      record: receiptRecord(events.slice(0, 5)),
    }
    expect(verifyReceipt(sha256, earlier, links)).toMatchObject({ ok: true, grown: links.length - 5 })
  })

  it('[EVD-05.4] one event altered, missing or reordered is found, and its place named', () => {
    for (const [index, { seq }] of links.entries()) {
      const altered = links.map((link) =>
        link.seq === seq ? { ...link, text: link.text.replace('"at":', '"at":9') } : link,
      )
      expect(verifyReceipt(sha256, receipt, altered)).toEqual({ ok: false, chain: { seq, fault: 'altered' } })
      const cut = links.filter((link) => link.seq !== seq)
      expect(verifyReceipt(sha256, receipt, cut)).toEqual({ ok: false, chain: { seq, fault: 'missing' } })
      if (index === 0) continue
      const swapped = links.with(index - 1, links[index]!).with(index, links[index - 1]!)
      expect(verifyReceipt(sha256, receipt, swapped)).toEqual({
        ok: false,
        chain: { seq: seq - 1, fault: 'reordered' },
      })
    }
  })

  it('[EVD-05.4] a chain made anew after a change no longer ends where the receipt says', () => {
    const forged: ChainLink[] = []
    for (const event of events.with(0, { ...events[0]!, at: 1 }))
      forged.push(chainLink(sha256, forged.at(-1)?.hash ?? GENESIS, { seq: forged.length + 1, event }))
    expect(verifyReceipt(sha256, receipt, forged)).toEqual({
      ok: false,
      chain: { seq: forged.length, fault: 'altered' },
    })
  })

  it('[EVD-05.4] a receipt that says something else than its chain is found out by the field', () => {
    const wishful = { ...receipt, record: { ...receipt.record, deadline: receipt.record.deadline! + 60_000 } }
    expect(verifyReceipt(sha256, wishful, links)).toEqual({ ok: false, differs: 'deadline' })
  })

  it('[EVD-04.2] it needs no answer, no text and no salt: destroying them leaves it verifiable', () => {
    const text = links.map((link) => link.text).join('\n')
    expect(text).not.toMatch(/"(salt|answers|text|name|email)":/)
    expect(verifyReceipt(sha256, receipt, structuredClone(links)).ok).toBe(true)
  })
})
