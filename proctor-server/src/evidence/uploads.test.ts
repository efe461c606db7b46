import { once } from 'node:events'
import { request, type ClientRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { segmentPath } from '@vigie/contract/evidence/segment'
import { MOST_SEGMENT_BYTES } from '@vigie/exam-engine/evidence/segments'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { commitSegments } from './commits.ts'
import { ATTEMPT_UPLOAD_BYTES_AT_ONCE, UPLOAD_BYTES_AT_ONCE } from './routes.ts'
import { commitOf, openHall, record, type Hall, type Recorded } from './testHall.ts'

let hall: Hall
let port: number
const open = new Set<ClientRequest>()

beforeAll(async () => {
  hall = await openHall()
  await hall.app.listen({ host: '127.0.0.1', port: 0 })
  port = (hall.app.server.address() as AddressInfo).port
})
afterEach(() => {
  for (const one of open) one.destroy()
  open.clear()
})
afterAll(async () => {
  await hall[Symbol.asyncDispose]()
})

/** Begins an upload that announces so many bytes; nothing of it is sent yet. */
function begin(attempt: string, segment: Recorded, bytes: number): ClientRequest {
  const upload = request({
    host: '127.0.0.1',
    port,
    method: 'PUT',
    path: segmentPath(attempt, segment),
    agent: false,
    headers: {
      authorization: `attempt ${attempt}`,
      'content-type': 'application/octet-stream',
      'content-length': bytes,
      // The server answers it once it has read the head of this upload.
      expect: '100-continue',
    },
  })
  open.add(upload)
  upload.on('error', () => undefined)
  upload.flushHeaders()
  return upload
}

/** How an upload that was sent whole ended: a status and its code. */
async function finish(upload: ClientRequest, content: Buffer): Promise<{ status: number; body: string }> {
  upload.end(content)
  const [answer] = (await once(upload, 'response')) as [IncomingMessage]
  return { status: answer.statusCode!, body: await text(answer) }
}

async function committed(): Promise<{ attempt: string; segment: Recorded }> {
  const attempt = await hall.attempt()
  const run = record('camera', 1)
  await commitSegments(hall, attempt, run.map(commitOf))
  return { attempt, segment: run[1]! }
}

/** Uploads of the largest size, of as many attempts as it takes to fill the server's memory. */
async function filled(): Promise<ClientRequest[]> {
  const share = Math.floor(ATTEMPT_UPLOAD_BYTES_AT_ONCE / MOST_SEGMENT_BYTES)
  const most = Math.floor(UPLOAD_BYTES_AT_ONCE / MOST_SEGMENT_BYTES)
  const many = await Promise.all(Array.from({ length: Math.ceil(most / share) }, committed))
  const uploads = Array.from({ length: most }, (_, index) => {
    const { attempt, segment } = many[Math.floor(index / share)]!
    return begin(attempt, segment, MOST_SEGMENT_BYTES)
  })
  return uploads
}

/** A machine that does other things too takes its time. */
const PATIENT = { timeout: 20_000 }

describe('[EVD-02] a busy server', () => {
  it('holds hundreds of small uploads of slow lines at once', async () => {
    const { attempt, segment } = await committed()
    const slow = Array.from({ length: 200 }, () => begin(attempt, segment, segment.content.length))
    await Promise.all(slow.map((upload) => once(upload, 'continue')))
    expect((await finish(begin(attempt, segment, segment.content.length), segment.content)).status).toBe(200)
  })

  it('answers 503 with Retry-After when what is under way would fill its memory, and takes on when that is over', async () => {
    const { attempt, segment } = await committed()
    const large = await filled()
    const send = () => finish(begin(attempt, segment, segment.content.length), segment.content)
    await vi.waitFor(async () => expect(await send()).toMatchObject({ status: 503 }), PATIENT)
    const refused = begin(attempt, segment, segment.content.length)
    refused.end(segment.content)
    const [answer] = (await once(refused, 'response')) as [IncomingMessage]
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect(JSON.parse(await text(answer))).toMatchObject({ code: 'busy' })

    for (const upload of large) upload.destroy()
    await vi.waitFor(async () => expect(await send()).toMatchObject({ status: 200 }), PATIENT)
  })

  it('one candidate cannot fill it for the others: each has a share', async () => {
    const [one, other] = [await committed(), await committed()]
    const most = Math.floor(ATTEMPT_UPLOAD_BYTES_AT_ONCE / MOST_SEGMENT_BYTES)
    const large = Array.from({ length: most }, () => begin(one.attempt, one.segment, MOST_SEGMENT_BYTES))
    await Promise.all(large.map((upload) => once(upload, 'continue')))
    const send = ({ attempt, segment }: typeof one) =>
      finish(begin(attempt, segment, segment.content.length), segment.content)
    expect(await send(one)).toMatchObject({ status: 503, body: expect.stringContaining('busy') as string })
    expect(await send(other)).toMatchObject({ status: 200 })
    for (const upload of large) upload.destroy()
    await vi.waitFor(async () => expect(await send(one)).toMatchObject({ status: 200 }), PATIENT)
  })

  it('who leaves while they are judged keeps nobody else out', async () => {
    const { attempt, segment } = await committed()
    let judged = () => {}
    hall.judging = new Promise((resolve) => (judged = resolve))
    const gone = await filled()
    await Promise.all(gone.map((upload) => once(upload, 'continue')))
    for (const upload of gone) upload.destroy()
    const connections = promisify(hall.app.server.getConnections.bind(hall.app.server))
    await vi.waitFor(async () => expect(await connections()).toBe(0), PATIENT)
    judged()
    hall.judging = null
    const answer = await finish(begin(attempt, segment, segment.content.length), segment.content)
    expect(answer.status).toBe(200)
  })
})
