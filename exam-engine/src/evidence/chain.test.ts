import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayIn } from '../attempt/testDay.ts'
import { canonicalJson, type Json } from './canonicalJson.ts'
import { chainLink, GENESIS, verifyChain, type ChainLink } from './chain.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const links: ChainLink[] = []
for (const event of dayIn('sealed').record) {
  links.push(chainLink(sha256, links.at(-1)?.hash ?? GENESIS, { seq: links.length + 1, event }))
}
const receipt = { length: links.length, head: links.at(-1)!.hash }
const verify = (record: readonly ChainLink[]) => verifyChain(sha256, record, receipt)
const changed = (seq: number, change: Partial<ChainLink>) =>
  links.map((link) => (link.seq === seq ? { ...link, ...change } : link))

describe('canonical JSON', () => {
  it('[EVD-04.1] does not depend on the order of keys, and reads back as what it was', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const text = canonicalJson(value as Json)
        expect(canonicalJson(JSON.parse(text) as Json)).toBe(text)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
    expect(canonicalJson({ b: 1, a: [true, null, 'é'], c: undefined })).toBe('{"a":[true,null,"é"],"b":1}')
  })

  it.each([Number.NaN, Infinity, -Infinity])('[EVD-04.1] %s must not enter a record', (value) => {
    expect(() => canonicalJson({ value })).toThrow(TypeError)
  })
})

describe('the chain', () => {
  it('[EVD-04.1] a whole record verifies, as long as it grows', () => {
    expect(verify(links)).toEqual({ ok: true, ...receipt })
    expect(verifyChain(sha256, [], null)).toEqual({ ok: true, length: 0, head: GENESIS })
    const earlier = { length: 3, head: links[2]!.hash }
    expect(verifyChain(sha256, links, earlier)).toMatchObject({ ok: true })
  })

  it('[EVD-05.1] one altered character is found, wherever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: links.length }), fc.nat(), (seq, offset) => {
        const { text } = links[seq - 1]!
        const at = offset % text.length
        const forged = text.slice(0, at) + (text[at] === '7' ? '8' : '7') + text.slice(at + 1)
        expect(verify(changed(seq, { text: forged }))).toEqual({
          ok: false,
          first: { seq, fault: 'altered' },
        })
      }),
    )
  })

  it('[EVD-05.1] a missing event is named by its place', () => {
    for (const { seq } of links) {
      const first = { seq, fault: 'missing' }
      expect(verify(links.filter((link) => link.seq !== seq))).toEqual({ ok: false, first })
    }
  })

  it('[EVD-05.1] two events that changed places are found at the first', () => {
    const swapped = [...links.slice(0, 3), links[4]!, links[3]!, ...links.slice(5)]
    expect(verify(swapped)).toEqual({ ok: false, first: { seq: 4, fault: 'reordered' } })
  })

  it('[EVD-05.1] renumbering after a removal does not hide it', () => {
    const shorter = links.filter(({ seq }) => seq !== 5).map((link, index) => ({ ...link, seq: index + 1 }))
    expect(verify(shorter)).toEqual({ ok: false, first: { seq: 5, fault: 'altered' } })
  })

  it('[EVD-05.1] a record cut off at its end is found by the receipt', () => {
    const seq = links.length
    expect(verify(links.slice(0, -1))).toEqual({ ok: false, first: { seq, fault: 'missing' } })
  })

  it('[EVD-05.1] a chain computed anew over forged events does not give the head of the receipt', () => {
    let previous = GENESIS
    const forged = links.map(({ seq, text }) => {
      const event = (JSON.parse(text) as { event: Parameters<typeof chainLink>[2]['event'] }).event
      const link = chainLink(sha256, previous, {
        seq,
        event: seq === 3 ? { ...event, at: event.at + 1 } : event,
      })
      previous = link.hash
      return link
    })
    expect(verify(forged)).toMatchObject({ ok: false, first: { fault: 'altered' } })
  })

  it('[EVD-05.1] a text that says another place than its row, or is no JSON, is altered', () => {
    for (const text of ['{"seq":9}', 'nonsense']) {
      const hash = sha256(`${GENESIS}\n${text}`)
      const verdict = verifyChain(sha256, [{ seq: 1, text, hash }], null)
      expect(verdict).toEqual({ ok: false, first: { seq: 1, fault: 'altered' } })
    }
  })

  it('[EVD-04.2] no event of a whole day holds a text of a person', () => {
    const allowed = /^([a-z0-9-]+|[0-9a-f]{64}|[0-9a-f-]{36}|2026-01|profile-home|seed-0001)$/
    const strings = (value: unknown): string[] =>
      typeof value === 'string'
        ? [value]
        : value && typeof value === 'object'
          ? Object.values(value).flatMap(strings)
          : []
    expect(
      dayIn('voided')
        .record.flatMap(strings)
        .filter((text) => !allowed.test(text)),
    ).toEqual([])
  })
})
