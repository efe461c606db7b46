import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { describe, expect, it } from 'vitest'
import { createLog } from '../platform/log.ts'
import { Refused } from '../platform/refused.ts'
import { derivedId, doToMany } from './bulk.ts'

const ids = Array.from({ length: 30 }, (_, n) =>
  attemptId.parse(`00000000-0000-7000-8000-${String(n).padStart(12, '0')}`),
)

describe('[SUP-06.4] what is done to many', () => {
  it('is spread over many ticks, a few at a time, each once, whoever is refused', async () => {
    let ticks = 0
    const count = (): void => {
      ticks += 1
      pending = setImmediate(count)
    }
    let pending = setImmediate(count)
    let now = 0
    let most = 0
    const done: string[] = []
    const outcome = await doToMany(
      { attempts: [...ids, ...ids] },
      async (attempt) => {
        now += 1
        most = Math.max(most, now)
        await new Promise((resolve) => setImmediate(resolve))
        now -= 1
        if (attempt === ids[3]) throw new Refused('not-allowed')
        if (attempt === ids[4]) throw new Error('a bug')
        done.push(attempt)
      },
      createLog('silent'),
    )
    clearImmediate(pending)
    expect(outcome.done).toBe(28)
    expect(outcome.refused).toEqual([
      { attempt: ids[3], code: 'not-allowed' },
      { attempt: ids[4], code: 'unexpected' },
    ])
    expect(new Set(done).size).toBe(done.length)
    expect(most).toBeLessThanOrEqual(4)
    expect(ticks).toBeGreaterThanOrEqual(ids.length / 4)
  })

  it('gives each attempt’s line of a message the same id when it is sent again', () => {
    const key = '00000000-0000-7000-8000-0000000000ff'
    const made = ids.map((id) => derivedId(key, id))
    expect(new Set(made).size).toBe(ids.length)
    expect(made).toEqual(ids.map((id) => derivedId(key, id)))
    expect(
      made.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    ).toBe(true)
  })
})
