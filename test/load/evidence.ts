import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import type { CommitMessage } from '@vigie/contract/evidence/segment'
import { segmentPath } from '@vigie/contract/evidence/segment'
import { digest } from '@vigie/exam-engine/attempt/ids'
import type { Stack } from '../stack/stack.ts'
import { gatherCrowd, type Member } from './crowd.ts'
import { percentile, type Figure } from './figures.ts'
import { costSince, megabytesOf, partsOf } from './processCost.ts'

const CANDIDATES = 300
const KILOBITS_PER_SECOND = 300
const SEGMENT_SECONDS = 4
const SECONDS = 90
/** Long enough to tell what grows from what goes up and down. */
const LONG_SECONDS = 20 * 60
/** Everything is warm after this: what comes before counts for nothing. */
const WARM_SECONDS = 12
const SAMPLE_SECONDS = 2

/** Camera takes two thirds of the bits, the screen the rest: two streams, as a page sends them. */
const TRACKS = [
  { track: 'camera', bytes: Math.round((KILOBITS_PER_SECOND * SEGMENT_SECONDS * 1000 * 2) / 8 / 3) },
  { track: 'screen', bytes: Math.round((KILOBITS_PER_SECOND * SEGMENT_SECONDS * 1000) / 8 / 3) },
] as const

interface Tally {
  readonly latencies: number[]
  failed: number
  sent: number
  /** Answers 503: the page comes back a moment later [EVD-02]. */
  busy: number
  /** Statuses of refusals, so that a failed run says why. */
  readonly refused: Map<number, number>
}

const agent = new Agent({ keepAlive: true, maxSockets: CANDIDATES * TRACKS.length })

/** One request; gives its status. Node's own client: fetch would cost the driver more than the server. */
function send(
  origin: string,
  method: string,
  path: string,
  credential: string,
  type: string,
  body: Buffer,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      origin + path,
      {
        method,
        agent,
        headers: {
          authorization: `Attempt ${credential}`,
          'content-type': type,
          'content-length': body.length,
        },
      },
      (answer) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

/** As a page does: told that the server is busy, it comes back a second later. */
async function sendUntilTaken(tally: Tally, ...asked: Parameters<typeof send>): Promise<number> {
  for (;;) {
    const status = await send(...asked)
    if (status !== 503) {
      if (status !== 200) tally.refused.set(status, (tally.refused.get(status) ?? 0) + 1)
      return status
    }
    tally.busy += 1
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

/** A fresh segment: real entropy, the box that CMAF begins with. */
function segmentOf(bytes: number, box: 'ftyp' | 'moof'): Buffer {
  const content = Buffer.allocUnsafe(bytes)
  // A page of chance repeated: incompressible enough, and the driver does not spend its time on it.
  const page = randomBytes(4096)
  for (let at = 0; at < bytes; at += page.length) page.copy(content, at)
  content.writeUInt32BE(Math.min(bytes, 64), 0)
  content.write(box, 4, 'latin1')
  return content
}

/** One stream of one candidate: each segment is promised, then sent, then the next 4 s later [EVD-03]. */
async function stream(
  origin: string,
  member: Member,
  { track, bytes }: (typeof TRACKS)[number],
  offset: number,
  until: number,
  tally: Tally,
): Promise<void> {
  const rendition = randomUUID()
  let previous: CommitMessage['previous'] = null
  const begin = performance.now() + offset
  const from = Date.now() + offset - SEGMENT_SECONDS * 1000
  for (let number = 0; ; number += 1) {
    const due = begin + Math.max(0, number - 1) * SEGMENT_SECONDS * 1000
    if (due > until) return
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
    const content = segmentOf(number === 0 ? 1_200 : bytes, number === 0 ? 'ftyp' : 'moof')
    const start = from + Math.max(0, number - 1) * SEGMENT_SECONDS * 1000
    const commit: CommitMessage = {
      track,
      rendition,
      number,
      digest: digest.parse(createHash('sha256').update(content).digest('hex')),
      previous,
      bytes: content.length,
      from: Math.round(start),
      to: Math.round(start) + (number === 0 ? 0 : SEGMENT_SECONDS * 1000),
      offset: 0,
      lease: member.lease,
    }
    const started = performance.now()
    const path = `/api/attempts/${member.attempt}/segments`
    const promise = Buffer.from(JSON.stringify({ commits: [commit] }))
    const promised = await sendUntilTaken(
      tally,
      origin,
      'POST',
      path,
      member.credential,
      'application/json',
      promise,
    )
    const sent = await sendUntilTaken(
      tally,
      origin,
      'PUT',
      segmentPath(member.attempt, commit),
      member.credential,
      'application/octet-stream',
      content,
    )
    tally.sent += 1
    if (promised === 200 && sent === 200) {
      tally.latencies.push(performance.now() - started)
      previous = commit.digest
    } else {
      tally.failed += 1
      return
    }
  }
}

/** Straight line through the samples: what is added each minute. */
function slopePerMinute(samples: readonly { at: number; value: number }[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(samples.map(({ at }) => at)), mean(samples.map(({ value }) => value))]
  const over = samples.reduce((sum, { at, value }) => sum + (at - x) * (value - y), 0)
  const under = samples.reduce((sum, { at }) => sum + (at - x) ** 2, 0)
  return (over / under) * 60
}

/**
 * 300 recorded candidates, each with camera and screen, 300 kbit/s together, promise before bytes, files flushed to
 * disk: what one costs the server with PostgreSQL, and how long an acknowledgement takes. One run: it is long.
 */
export async function measureEvidence(
  stack: Stack,
  _runs: number,
  { long }: { readonly long: boolean },
): Promise<Figure[]> {
  const duration = long ? LONG_SECONDS : SECONDS
  const crowd = await gatherCrowd(stack.databaseUrl, {
    size: CANDIDATES,
    status: 'running',
    proctorEmail: 'surveillant@demo.test',
  })
  const parts = partsOf(stack)
  const tally: Tally = { latencies: [], failed: 0, sent: 0, busy: 0, refused: new Map() }
  const begin = performance.now()
  const until = begin + duration * 1000
  const streams = crowd.members.flatMap((member, index) =>
    TRACKS.map((track, which) => {
      const offset = ((index + which / 2) / CANDIDATES) * SEGMENT_SECONDS * 1000
      return stream(stack.origin, member, track, offset, until, tally)
    }),
  )
  const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  await pause(WARM_SECONDS)
  tally.latencies.length = 0
  const cost = costSince(parts)
  const memory: { at: number; value: number }[] = []
  while (performance.now() < until - SAMPLE_SECONDS * 1000) {
    memory.push({ at: (performance.now() - begin) / 1000, value: megabytesOf(parts.server()) })
    await pause(SAMPLE_SECONDS)
  }
  const spent = cost()
  await Promise.all(streams)
  agent.destroy()
  const [serverShare, databaseShare] = [spent.server / CANDIDATES, spent.database / CANDIDATES]
  const what = `${CANDIDATES} recorded, ${KILOBITS_PER_SECOND} kbit/s each, ${duration} s`
  return [
    {
      name: `${what}: a core for each, all`,
      unit: '%',
      runs: [serverShare + databaseShare],
      goal: 0.15,
    },
    { name: `${what}: of that the server`, unit: '%', runs: [serverShare] },
    { name: `${what}: of that PostgreSQL`, unit: '%', runs: [databaseShare] },
    { name: `${what}: acknowledged, p50`, unit: 'ms', runs: [percentile(tally.latencies, 0.5)] },
    { name: `${what}: acknowledged, p99`, unit: 'ms', runs: [percentile(tally.latencies, 0.99)] },
    { name: `${what}: memory, at the end`, unit: 'MB', runs: [megabytesOf(parts.server())] },
    { name: `${what}: memory, slope`, unit: 'MB/min', runs: [slopePerMinute(memory)] },
    { name: `${what}: told to come back`, unit: '', runs: [tally.busy] },
    {
      name: `${what}: failed of ${tally.sent} ${JSON.stringify([...tally.refused])}`,
      unit: '',
      runs: [tally.failed],
      goal: 1,
    },
  ]
}
