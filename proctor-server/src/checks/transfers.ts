import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Identify } from '../accounts/identify.ts'
import { authorise, type RelationReader } from '../accounts/authorisation.ts'
import type { Clock } from '../platform/clock.ts'
import { Refused } from '../platform/refused.ts'
import type { Shares } from './transferCaps.ts'

/** Most that one request may carry; a whole direction of a check stays within it [CHK-06]. */
export const TRANSFER_LIMIT = 10_000_000
/** A check takes 8 s a direction: whoever trickles longer is cut off. */
const LONGEST_MS = 15_000

/** How an upload came in is told by one moment in so many milliseconds: enough to see the line's pace. */
const ARRIVALS_EVERY_MS = 40

interface TransferDeps {
  readonly shares: Shares
  readonly identify: Identify
  readonly clock: Clock
  readonly relations: RelationReader
}

const query = z.object({ bytes: z.coerce.number().int().min(0).max(TRANSFER_LIMIT) })

// Random, so that nothing on the way can make it smaller; the same piece again and again, so that it costs nothing.
const piece = randomBytes(64 * 1024)

function* pieces(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= piece.length) {
    yield left >= piece.length ? piece : piece.subarray(0, left)
  }
}

/** Cuts the connection of a transfer that takes too long, and gives its place back when the connection is done. */
function attend(reply: FastifyReply, over: () => void): void {
  const timer = setTimeout(() => reply.raw.destroy(), LONGEST_MS)
  reply.raw.once('close', () => {
    clearTimeout(timer)
    over()
  })
}

/** Milliseconds since the first byte, and the bytes that had come by then. */
type Arrivals = [ms: number, bytes: number][]

/**
 * Reads a body to its end and keeps when it came. What left the page may wait in buffers for seconds, so only this end
 * can tell the pace of an upload [CHK-06].
 */
export async function timeArrivals(
  body: AsyncIterable<Buffer>,
  clock: Clock,
): Promise<{ bytes: number; arrivals: Arrivals }> {
  const arrivals: Arrivals = []
  let bytes = 0
  let firstAt: number | null = null
  for await (const part of body) {
    bytes += part.length
    firstAt ??= clock.elapsed()
    const ms = Math.round(clock.elapsed() - firstAt)
    const before = arrivals.at(-2)
    // The last moment moves on until it is far enough from the one before it.
    if (before !== undefined && ms - before[0] < ARRIVALS_EVERY_MS) arrivals.pop()
    arrivals.push([ms, bytes])
  }
  return { bytes, arrivals }
}

/**
 * The timed transfers of the check: bytes out, bytes in, nothing kept. They ask no sign-in and look nobody up, so that
 * what is timed is the line; an attempt alone shows its credential, for a share of its own.
 */
export function transferRoutes(
  app: FastifyInstance,
  { shares, clock, relations, identify }: TransferDeps,
): void {
  const admit = async (reply: FastifyReply, bytes: number): Promise<void> => {
    const { authorization } = reply.request.headers
    const actor = await identify({ authorization })
    await authorise(actor, 'checks.measure', null, relations)
    try {
      attend(reply, shares.admit({ actor, address: reply.request.ip }, bytes))
    } catch (error) {
      const wait = error instanceof Refused ? error.detail?.['retryAfterSeconds'] : undefined
      if (typeof wait === 'number') void reply.header('retry-after', String(wait))
      throw error
    }
  }

  app.get('/api/checks/bandwidth/down', async (request, reply) => {
    const { bytes } = query.parse(request.query)
    await admit(reply, bytes)
    void reply.headers({
      'content-type': 'application/octet-stream',
      'content-length': String(bytes),
      'cache-control': 'no-store, no-transform',
    })
    return reply.send(bytes === 0 ? '' : Readable.from(pieces(bytes), { objectMode: false }))
  })

  // A scope of its own: only here is a body handed over as it comes, without being gathered in memory.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/octet-stream', (_request, body, done) => done(null, body))
    scope.post('/api/checks/bandwidth/up', async (request, reply) => {
      const announced = Number(request.headers['content-length'])
      // Without a length nobody knows beforehand what would come.
      if (!Number.isInteger(announced) || announced < 0) throw new Refused('bad-input')
      if (announced > TRANSFER_LIMIT) throw new Refused('too-large')
      await admit(reply, announced)
      void reply.header('cache-control', 'no-store')
      return timeArrivals(request.raw as AsyncIterable<Buffer>, clock)
    })
  })
}
