import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inclusionProof, leafHash, merkleRoot, verifyInclusion, type ChainHead } from './merkle.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const heads = (count: number): ChainHead[] =>
  Array.from({ length: count }, (_, index) => ({
    attempt: `attempt-${String(index).padStart(4, '0')}`,
    length: index + 1,
    head: sha256(`head ${index}`),
  }))

describe('[EVD-05.6] the Merkle head of all chains', () => {
  it('proves every chain it holds, for any number of chains and in any order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.infiniteStream(fc.nat()), (count, chance) => {
        const all = heads(count)
        const shuffled = [...all].sort(() => (Number(chance.next().value) % 2 === 0 ? -1 : 1))
        const root = merkleRoot(sha256, all)
        expect(merkleRoot(sha256, shuffled)).toBe(root)
        for (const head of all) {
          const steps = inclusionProof(sha256, shuffled, head.attempt)
          expect(steps && verifyInclusion(sha256, head, steps, root)).toBe(true)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('proves no other length, no other head, no other attempt, and nothing of a changed root', () => {
    const all = heads(11)
    const root = merkleRoot(sha256, all)
    const head = all[4]!
    const steps = inclusionProof(sha256, all, head.attempt)!
    const other = sha256('other')
    expect(verifyInclusion(sha256, { ...head, length: 99 }, steps, root)).toBe(false)
    expect(verifyInclusion(sha256, { ...head, head: other }, steps, root)).toBe(false)
    expect(verifyInclusion(sha256, all[5]!, steps, root)).toBe(false)
    expect(verifyInclusion(sha256, head, steps, other)).toBe(false)
    expect(verifyInclusion(sha256, head, steps.slice(1), root)).toBe(false)
    expect(inclusionProof(sha256, all, 'nobody')).toBeNull()
  })

  it('changes with any chain, and has a value for none at all', () => {
    const all = heads(6)
    const root = merkleRoot(sha256, all)
    for (const [index, head] of all.entries()) {
      const changed = all.with(index, { ...head, head: sha256('forged') })
      expect(merkleRoot(sha256, changed)).not.toBe(root)
    }
    expect(merkleRoot(sha256, all.slice(1))).not.toBe(root)
    expect(merkleRoot(sha256, [])).toMatch(/^[0-9a-f]{64}$/)
    expect(merkleRoot(sha256, all.slice(0, 1))).toBe(leafHash(sha256, all[0]!))
  })
})
