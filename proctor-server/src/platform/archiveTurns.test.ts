import { PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import { describe, expect, it } from 'vitest'
import { createArchiveTurns } from './archiveTurns.ts'

describe('[RET-05] [REV-06] archives', () => {
  it('are made one at a time for each person and a few in all, and a turn ends with its stream', async () => {
    const turn = createArchiveTurns(2)
    const [first, second] = [new PassThrough(), new PassThrough()]
    await turn('ada', async () => first)
    await expect(turn('ada', async () => new PassThrough())).rejects.toMatchObject({ code: 'busy' })
    await expect(turn('bob', () => Promise.reject(new Error('no such case')))).rejects.toThrow('no such case')
    await turn('bob', async () => second)
    await expect(turn('cleo', async () => new PassThrough())).rejects.toMatchObject({ code: 'busy' })
    // Whoever leaves half-way has ended their turn too.
    first.destroy()
    await finished(first).catch(() => undefined)
    await turn('ada', async () => new PassThrough())
  })
})
