import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { segmentPath } from '@vigie/contract/evidence/segment'
import { digest } from '@vigie/exam-engine/attempt/ids'
import { MINUTE, SECOND } from '@vigie/kernel/instant'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../platform/keys.ts'
import { commitSegments } from './commits.ts'
import { commitOf, openHall, record, type Hall, type Recorded } from './testHall.ts'

let hall: Hall

beforeAll(async () => {
  hall = await openHall()
})
afterAll(async () => {
  await hall[Symbol.asyncDispose]()
})

async function send(attempt: string, segment: Recorded, content = segment.content, query = '') {
  const answer = await hall.app.inject({
    method: 'PUT',
    url: segmentPath(attempt, segment) + query,
    headers: { authorization: `attempt ${attempt}`, 'content-type': 'application/octet-stream' },
    payload: content,
  })
  return answer.statusCode === 200 ? 'taken' : answer.json<{ code: string }>().code
}

const objectsOf = async (attempt: string): Promise<number> =>
  (await readdir(join(hall.folder, 'objects/evidence', attempt)).catch(() => [])).length

const claims = (segment: Recorded, more: Partial<Record<'lease' | 'from' | 'to', number>> = {}) => {
  const { lease, from, to } = { lease: 1, from: segment.from, to: segment.to, ...more }
  return `?lease=${lease}&from=${from}&to=${to}`
}

/** A run whose segments carry what a test wants, promised honestly. */
function promised(run: Recorded[], content: Buffer): Recorded {
  const [init] = run
  return {
    ...run[1]!,
    content,
    digest: digest.parse(sha256(content)),
    bytes: content.length,
    previous: init!.digest,
  }
}

describe('[EVD-03] segments that are not what they should be', () => {
  it('duplicate: one number twice with other bytes is refused, the first stays', async () => {
    const attempt = await hall.attempt()
    const [run, other] = [record('camera', 1), record('camera', 1)]
    await commitSegments(hall, attempt, run.map(commitOf))
    expect(await send(attempt, run[1]!)).toBe('taken')
    expect(await send(attempt, run[1]!, other[1]!.content)).toBe('segment-mismatch')
    expect(await objectsOf(attempt)).toBe(1)
  })

  it('reordered: commits in any order of one batch stand in order, bytes may come in any order, a gap of numbers may not', async () => {
    const attempt = await hall.attempt()
    const run = record('camera', 4)
    await commitSegments(
      hall,
      attempt,
      [3, 0, 4, 1, 2].map((index) => commitOf(run[index]!)),
    )
    for (const index of [4, 0, 2, 3, 1]) expect(await send(attempt, run[index]!)).toBe('taken')
    const more = record('screen', 3)
    await commitSegments(hall, attempt, more.slice(0, 2).map(commitOf))
    await expect(commitSegments(hall, attempt, [commitOf(more[3]!)])).rejects.toMatchObject({
      code: 'segment-out-of-order',
    })
  })

  it('truncated and altered: a byte less, a byte more, one bit turned', async () => {
    const attempt = await hall.attempt()
    const run = record('screen', 1)
    await commitSegments(hall, attempt, run.map(commitOf))
    const { content } = run[1]!
    const turned = Buffer.from(content)
    turned[turned.length - 1]! ^= 1
    for (const wrong of [content.subarray(0, -1), Buffer.concat([content, Buffer.from([0])]), turned])
      expect(await send(attempt, run[1]!, wrong)).toBe('segment-mismatch')
    expect(await objectsOf(attempt)).toBe(0)
    expect(await send(attempt, run[1]!)).toBe('taken')
  })

  it('oversized: neither promised nor sent', async () => {
    const attempt = await hall.attempt()
    const run = record('camera', 1)
    const huge = { ...commitOf(run[1]!), bytes: 4 * 1024 * 1024 + 1 }
    await expect(commitSegments(hall, attempt, [commitOf(run[0]!), huge])).rejects.toMatchObject({
      code: 'segment-size',
    })
    expect(await send(attempt, run[1]!, Buffer.alloc(4 * 1024 * 1024 + 1))).toBe('too-large')
    expect(await objectsOf(attempt)).toBe(0)
  })

  it('[EVD-03.3] foreign: what another attempt promised, and what is no recording at all', async () => {
    const [mine, theirs] = [await hall.attempt(), await hall.attempt()]
    const run = record('camera', 1)
    await commitSegments(hall, theirs, run.map(commitOf))
    // Nothing was promised by me under that name, and nothing is claimed.
    expect(await send(mine, run[1]!)).toBe('bad-input')
    for (const content of [Buffer.from('%PDF-1.7 not a recording'), Buffer.alloc(4), run[0]!.content]) {
      const stream = record('screen', 1)
      const odd = promised(stream, content)
      await commitSegments(hall, mine, [commitOf(stream[0]!), commitOf(odd)])
      expect(await send(mine, odd)).toBe('segment-type')
    }
    expect(await objectsOf(mine)).toBe(0)
  })

  it('uncommitted: kept and marked when they say a time that can be, refused when not', async () => {
    const attempt = await hall.attempt()
    const { from, to } = record('camera', 1)[1]!
    const ask = (more: Partial<Record<'from' | 'to', number>>) => {
      const segment = record('camera', 1, to)[1]!
      return send(attempt, segment, segment.content, claims(segment, more))
    }
    expect(await ask({ to: from })).toBe('segment-time')
    expect(await ask({ to: from - SECOND })).toBe('segment-time')
    expect(await ask({ to: from + 11 * MINUTE })).toBe('segment-time')
    const ahead = hall.clock.now() + 10 * MINUTE
    expect(await ask({ from: ahead, to: ahead + 4 * SECOND })).toBe('segment-time')
    expect(await objectsOf(attempt)).toBe(0)
    expect(await ask({})).toBe('taken')
    const rows = await hall.db.selectFrom('segment').selectAll().where('attempt_id', '=', attempt).execute()
    expect(rows).toMatchObject([{ committed_at: null, previous: null }])
    expect(rows[0]!.received_at).not.toBeNull()
  })

  it('nobody’s: an attempt that never was', async () => {
    const [segment] = record('camera', 0) as [Recorded]
    expect(await send(randomUUID(), segment, segment.content, claims(segment))).toBe('attempt-unknown')
  })
})
