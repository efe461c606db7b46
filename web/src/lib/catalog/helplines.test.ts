import { describe, expect, it } from 'vitest'
import { helplinesAsText, parseHelplines } from './helplines.ts'

describe('helplines as people type them', () => {
  it('reads what it writes', () => {
    const lines = [
      { label: 'France', number: '08 00 90 27 92' },
      { label: 'International', number: '+33 800 902 792' },
    ]
    expect(parseHelplines(helplinesAsText(lines))).toEqual({ lines })
    expect(parseHelplines('\n  \n')).toEqual({ lines: [] })
  })

  it('names the line that has no colon', () => {
    expect(parseHelplines('France: 1\n\nau secours')).toEqual({ wrong: 3 })
    expect(parseHelplines('France:')).toEqual({ wrong: 1 })
  })
})
