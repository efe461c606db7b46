import { describe, expect, it } from 'vitest'
import { attemptId, digest, questionId } from './ids.ts'

describe('ids', () => {
  it('[ATT-01.2] come only from well-formed text', () => {
    const id = '01938019-334a-7000-8000-000000000010'
    expect(attemptId.parse(id)).toBe(id)
    for (const hostile of [
      '',
      id.toUpperCase(),
      `${id}\n`,
      `${id}'--`,
      7,
      null,
      undefined,
      { toString: () => id },
    ]) {
      expect(attemptId.is(hostile)).toBe(false)
      expect(() => attemptId.parse(hostile)).toThrow('not a attempt id')
    }
  })

  it('[EVD-04] digests are 64 lower-case hexadecimal digits', () => {
    expect(digest.is('a'.repeat(64))).toBe(true)
    expect(digest.is('A'.repeat(64))).toBe(false)
    expect(digest.is('a'.repeat(63))).toBe(false)
  })

  it('[ADM-03] ids of a paper are short and safe', () => {
    expect(questionId.is('q-1.a_B')).toBe(true)
    for (const bad of ['', '__proto__', '-q', 'q 1', 'é', 'q'.repeat(65)])
      expect(questionId.is(bad)).toBe(false)
  })
})
