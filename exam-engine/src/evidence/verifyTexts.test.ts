import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { digest, textId } from '../attempt/ids.ts'
import { CANDIDATE, dayIn, PROCTOR } from '../attempt/testDay.ts'
import { chainLink, GENESIS, type ChainLink } from './chain.ts'
import { verifyTexts, type SaltedText } from './verifyTexts.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const salted = (text: string): SaltedText => ({ salt: `salt of ${text}`, text })
const digestOf = ({ salt, text }: SaltedText) => digest.parse(sha256(salt + text))

describe('texts under a chain', () => {
  const [answers, line, hold] = [salted('[["q","a"]]'), salted('Bonjour'), salted('camera moved')]
  const day = dayIn('running')
  day.tell(CANDIDATE, { type: 'save', number: 1, digest: digestOf(answers), answeredCount: 1 })
  const id = textId.parse('00000000-0000-7000-8000-0000000000aa')
  day.tell(CANDIDATE, { type: 'keepText', kind: 'chat', textId: id, digest: digestOf(line), repeated: false })
  day.tell(PROCTOR, { type: 'hold', reason: { code: 'verification', note: digestOf(hold) } })
  day.tell(CANDIDATE, { type: 'acknowledgeHold' })
  const links: ChainLink[] = []
  for (const event of day.record)
    links.push(chainLink(sha256, links.at(-1)?.hash ?? GENESIS, { seq: links.length + 1, event }))
  const seqOf = (type: string) => links.find(({ text }) => text.includes(`"type":"${type}"`))!.seq

  it('[EVD-05.7] all that is there matches, answers, conversation and notes alike', () => {
    // The hold tells its reason twice: when it was asked for and when it took effect.
    expect(verifyTexts(sha256, links, [answers, line, hold])).toEqual({ matched: 4, unmatched: [] })
  })

  it('[EVD-05.7] a text that is missing, or another, is named by its event', () => {
    expect(verifyTexts(sha256, links, [line, hold]).unmatched).toEqual([
      { seq: seqOf('answers-saved'), event: 'answers-saved' },
    ])
    const altered = { ...line, text: 'Bonsoir' }
    expect(verifyTexts(sha256, links, [answers, altered, hold]).unmatched).toEqual([
      { seq: seqOf('text-kept'), event: 'text-kept' },
    ])
    const salt = { ...hold, salt: 'another salt' }
    expect(verifyTexts(sha256, links, [answers, line, salt]).unmatched.map(({ event }) => event)).toEqual([
      'hold-requested',
      'held',
    ])
  })
})
