import { describe, expect, it } from 'vitest'
import { saveState, type SaveFacts } from './saveState.ts'

const facts = (differing: Partial<SaveFacts>): SaveFacts => ({
  safe: false,
  savedAt: 1_000,
  waiting: 3,
  online: true,
  faltering: false,
  refusal: null,
  durable: true,
  ...differing,
})

describe('[ATT-04] the save state', () => {
  it('says « enregistré » only when page and server are equal', () => {
    expect(saveState(facts({ safe: true }))).toEqual({ kind: 'saved', at: 1_000 })
    expect(saveState(facts({ safe: true, savedAt: null }))).toEqual({ kind: 'nothing' })
    expect(saveState(facts({}))).toEqual({ kind: 'saving' })
  })

  it('counts what is kept on this computer while nothing gets through', () => {
    expect(saveState(facts({ online: false }))).toEqual({ kind: 'offline', waiting: 3, durable: true })
    expect(saveState(facts({ faltering: true, durable: false }))).toMatchObject({
      kind: 'offline',
      durable: false,
    })
  })

  it('[ATT-07] tells a hold from a refusal', () => {
    expect(saveState(facts({ refusal: 'held' }))).toEqual({ kind: 'held', waiting: 3 })
    expect(saveState(facts({ refusal: 'closed', online: false }))).toEqual({ kind: 'refused', waiting: 3 })
  })
})
