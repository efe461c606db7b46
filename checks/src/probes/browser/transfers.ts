import { ok, refuse, type Result } from '@vigie/kernel/result'
import type { Arrival, Devices, Transferred, TransferProblem } from '../devices.ts'

const DOWN = '/api/checks/bandwidth/down'
const UP = '/api/checks/bandwidth/up'
/** What the server answers when its caps are reached: too many from here, or too many at once [CHK-06]. */
const CAPPED = [429, 503]

const problemOf = (status: number): TransferProblem => (CAPPED.includes(status) ? 'capped' : 'unreachable')

/** What says who measures, asked again before each request; nothing on the public page. */
export type Credentials = () => Readonly<Record<string, string>>

/** Transfers with the server, in the name of whoever the credentials name. */
export const transfersAs = (
  credentials: Credentials,
): Pick<Devices, 'roundTrip' | 'clockAhead' | 'download' | 'upload'> => ({
  roundTrip: (signal) => roundTrip(credentials(), signal),
  clockAhead: (signal) => clockAhead(credentials(), signal),
  download: (bytes, onProgress, signal) => download(credentials(), bytes, onProgress, signal),
  upload: (bytes, onProgress, signal) => upload(credentials(), bytes, onProgress, signal),
})

type RequestHeaders = ReturnType<Credentials>

/** Milliseconds of a request that carries nothing. */
async function roundTrip(
  headers: RequestHeaders,
  signal: AbortSignal,
): Promise<Result<number, TransferProblem>> {
  const startedAt = performance.now()
  try {
    const answer = await fetch(`${DOWN}?bytes=0`, { cache: 'no-store', headers, signal })
    await answer.arrayBuffer()
    return answer.ok ? ok(performance.now() - startedAt) : refuse(problemOf(answer.status))
  } catch {
    return refuse('unreachable')
  }
}

/** How far this computer's clock is ahead of the server's, by the `Date` of an answer: within a second. */
async function clockAhead(headers: RequestHeaders, signal: AbortSignal): Promise<number | null> {
  try {
    const askedAt = Date.now()
    const answer = await fetch(`${DOWN}?bytes=0`, { cache: 'no-store', headers, signal })
    const server = Date.parse(answer.headers.get('date') ?? '')
    // The header is cut to whole seconds, and was written about half-way between question and answer.
    return Number.isNaN(server) ? null : Math.round((askedAt + Date.now()) / 2 - (server + 500))
  } catch {
    return null
  }
}

/** Fetches bytes and reads them as they come; an abort ends it with what has come so far. */
async function download(
  headers: RequestHeaders,
  bytes: number,
  onProgress: (received: number) => void,
  signal: AbortSignal,
): Promise<Result<Transferred, TransferProblem>> {
  let received = 0
  const arrivals: Arrival[] = []
  const url = new URL(`${DOWN}?bytes=${bytes}&transfer=${(transfers += 1)}`, location.origin).href
  const lasted = watchDuration(url)
  try {
    const answer = await fetch(url, { cache: 'no-store', headers, signal })
    if (!answer.ok || answer.body === null) return refuse(problemOf(answer.status))
    const reader = answer.body.getReader()
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      received += piece.value.byteLength
      arrivals.push({ at: performance.now(), bytes: received })
      onProgress(received)
    }
    return ok({ bytes: received, arrivals, lastedMs: await lasted() })
  } catch {
    void lasted()
    const cut = { bytes: received, arrivals, lastedMs: null }
    return signal.aborted && received > 0 ? ok(cut) : refuse('unreachable')
  }
}

/** Transfers so far, so that each has an address of its own to be told apart by. */
let transfers = 0
/** The browser notes a transfer just after its last byte was read. */
const NOTED_WITHIN_MS = 250

/**
 * Waits for the browser's own note of how long an answer took from its first byte to its last. Call it once: null when
 * there is no such note.
 */
function watchDuration(url: string): () => Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>()
  const observer = new PerformanceObserver((list) => {
    const [note] = list.getEntriesByName(url)
    if (note instanceof PerformanceResourceTiming && note.responseStart > 0)
      resolve(note.responseEnd - note.responseStart)
  })
  observer.observe({ type: 'resource' })
  return async () => {
    const overdue = setTimeout(() => resolve(null), NOTED_WITHIN_MS)
    const lasted = await promise
    clearTimeout(overdue)
    observer.disconnect()
    return lasted
  }
}

/**
 * Sends bytes; the server answers how they came in. XMLHttpRequest because it alone tells how many have left; they are
 * random, so nothing compresses.
 */
function upload(
  headers: RequestHeaders,
  bytes: number,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<Result<Transferred, TransferProblem>> {
  const { promise, resolve } = Promise.withResolvers<Result<Transferred, TransferProblem>>()
  const request = new XMLHttpRequest()
  let sent = 0
  const cancel = () => request.abort()
  signal.addEventListener('abort', cancel)
  request.upload.addEventListener('progress', (event) => {
    sent = event.loaded
    onProgress(sent)
  })
  request.addEventListener('load', () =>
    resolve(
      request.status < 300
        ? ok({ bytes, arrivals: arrivalsOf(request.responseText), lastedMs: null })
        : refuse(problemOf(request.status)),
    ),
  )
  request.addEventListener('error', () => resolve(refuse('unreachable')))
  request.addEventListener('abort', () =>
    resolve(sent > 0 ? ok({ bytes: sent, arrivals: null, lastedMs: null }) : refuse('unreachable')),
  )
  request.addEventListener('loadend', () => signal.removeEventListener('abort', cancel))
  request.open('POST', UP)
  request.setRequestHeader('content-type', 'application/octet-stream')
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
  request.send(new Blob([randomBytes(bytes)]))
  return promise
}

/** What the server says of an upload; null when what came was not its word. */
export function arrivalsOf(answer: string): readonly Arrival[] | null {
  try {
    const { arrivals } = JSON.parse(answer) as { arrivals?: unknown }
    if (!Array.isArray(arrivals)) return null
    const read = arrivals.map((pair: unknown) => {
      const [at, bytes] = Array.isArray(pair) ? (pair as unknown[]) : []
      return Number.isFinite(at) && Number.isFinite(bytes) ? { at: Number(at), bytes: Number(bytes) } : null
    })
    return read.every((one) => one !== null) ? read : null
  } catch {
    return null
  }
}

/** A browser fills at most 64 KiB at a time. */
const FILL = 65_536

function randomBytes(count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count)
  for (let offset = 0; offset < count; offset += FILL) {
    crypto.getRandomValues(bytes.subarray(offset, Math.min(offset + FILL, count)))
  }
  return bytes
}
