import { CLOSING_CAUSES } from '@vigie/exam-engine/attempt/state'
import { TECHNICAL_REASONS, TERMINATE_REASONS } from '@vigie/exam-engine/supervision/reasons'
import { afterEach, describe, expect, it } from 'vitest'
import { overwriteGetLocale } from '#lib/paraglide/runtime.js'
import { closedWords, followWords, keptWords, resultToComeWords } from './closingWords.ts'

/** Every closing that can be told, each with each of its reasons. */
const CLOSINGS = CLOSING_CAUSES.flatMap((cause) => {
  const reasons: readonly (string | null)[] =
    cause === 'terminated' ? TERMINATE_REASONS : cause === 'technical' ? TECHNICAL_REASONS : [null]
  return reasons.map((reason) => ({ cause, reason, started: true }))
})
const SECOND = { fr: 'second rendez-vous', en: 'second appointment' } as const

afterEach(() => overwriteGetLocale(() => 'fr'))

describe.each(['fr', 'en'] as const)('a closing told to its candidate, in %s', (language) => {
  const inLanguage = () => overwriteGetLocale(() => language)

  it.each(CLOSINGS)('[ATT-09.3] $cause $reason: what happened, what is kept, what follows', (closing) => {
    inLanguage()
    for (const words of [closedWords(closing), keptWords(closing, '16:04:12'), followWords(closing)])
      expect(words).toMatch(/^\p{Lu}.+\.$/u)
    expect(keptWords(closing, '16:04:12')).toContain('16:04:12')
  })

  it('[ATT-09.3] each pair says something of its own, and none says what only a newer server knows', () => {
    inLanguage()
    const said = CLOSINGS.map(closedWords)
    expect(new Set(said).size).toBe(CLOSINGS.length)
    for (const cause of ['terminated', 'technical'] as const) {
      const unknown = { cause, reason: 'of-a-newer-server' }
      expect(said).not.toContain(closedWords(unknown))
      expect(closedWords(unknown)).toMatch(/^\p{Lu}.+\.$/u)
      expect(followWords(unknown)).not.toContain(SECOND[language])
    }
  })

  it('[ATT-09.3] a second appointment is spoken of only where the provider broke the exam off', () => {
    inLanguage()
    const spoken = CLOSINGS.filter((closing) => followWords(closing).includes(SECOND[language]))
    expect(spoken.map(({ reason }) => reason)).toEqual(['platform-failure', 'interruption-of-the-session'])
  })

  it('[ATT-09.3] a result is promised only where nothing is decided before it', () => {
    inLanguage()
    const promised = resultToComeWords(null)
    for (const closing of CLOSINGS) {
      const isPromised = ['submitted', 'time-out'].includes(closing.cause)
      expect(resultToComeWords(closing) === promised).toBe(isPromised)
      expect(resultToComeWords({ ...closing, started: false })).not.toBe(promised)
      expect(keptWords({ ...closing, started: false }, null)).not.toBe(keptWords(closing, null))
    }
  })
})

it('[ROOM-06] a closing told by a server of before, without whether it was started, reads as started', () => {
  const closing = { cause: 'time-out', reason: null } as const
  expect(keptWords(closing, '16:04:12')).toContain('16:04:12')
  expect(resultToComeWords(closing)).toBe(resultToComeWords(null))
})
