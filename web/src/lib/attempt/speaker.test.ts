import { describe, expect, it } from 'vitest'
import { speakerName } from './speaker.ts'

const held = { proctor: 'Sacha', proctorId: 'p-sacha' }

describe('[SUP-05] who speaks, as the candidate reads it', () => {
  it('names the proctor who has them', () => {
    expect(speakerName(held, ['p-sacha'])).toBe('Sacha')
  })

  it('never puts another’s voice under their name: a lead, whoever had them before, two at once, nobody in charge', () => {
    for (const speakers of [['p-lead'], ['p-alix'], ['p-sacha', 'p-lead']])
      expect(speakerName(held, speakers)).toBe('Un surveillant')
    expect(speakerName({ proctor: null, proctorId: null }, ['p-lead'])).toBe('Un surveillant')
    // As a server of the version before tells it.
    expect(speakerName({ proctor: 'Sacha' }, ['p-sacha'])).toBe('Un surveillant')
  })
})
