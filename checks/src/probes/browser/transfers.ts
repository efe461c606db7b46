import { ok, refuse, type Result } from '@vigie/kernel/result'
import type { TransferProblem } from '../devices.ts'

const DOWN = '/api/checks/bandwidth/down'
const UP = '/api/checks/bandwidth/up'
/** What the server answers when its caps are reached: too many from here, or too many at once [CHK-06]. */
const CAPPED = [429, 503]

const problemOf = (status: number): TransferProblem => (CAPPED.includes(status) ? 'capped' : 'unreachable')

/** Milliseconds of a request that carries nothing. */
export async function roundTrip(signal: AbortSignal): Promise<Result<number, TransferProblem>> {
  const startedAt = performance.now()
  try {
    const answer = await fetch(`${DOWN}?bytes=0`, { cache: 'no-store', signal })
    await answer.arrayBuffer()
    return answer.ok ? ok(performance.now() - startedAt) : refuse(problemOf(answer.status))
  } catch {
    return refuse('unreachable')
  }
}

/** How far this computer's clock is ahead of the server's, by the `Date` of an answer: within a second. */
export async function clockAhead(signal: AbortSignal): Promise<number | null> {
  try {
    const askedAt = Date.now()
    const answer = await fetch(`${DOWN}?bytes=0`, { cache: 'no-store', signal })
    const server = Date.parse(answer.headers.get('date') ?? '')
    // The header is cut to whole seconds, and was written about half-way between question and answer.
    return Number.isNaN(server) ? null : Math.round((askedAt + Date.now()) / 2 - (server + 500))
  } catch {
    return null
  }
}

/** Fetches bytes and reads them as they come; an abort ends it with what has come so far. */
export async function download(
  bytes: number,
  onProgress: (received: number) => void,
  signal: AbortSignal,
): Promise<Result<number, TransferProblem>> {
  let received = 0
  try {
    const answer = await fetch(`${DOWN}?bytes=${bytes}`, { cache: 'no-store', signal })
    if (!answer.ok || answer.body === null) return refuse(problemOf(answer.status))
    const reader = answer.body.getReader()
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      received += piece.value.byteLength
      onProgress(received)
    }
    return ok(received)
  } catch {
    return signal.aborted && received > 0 ? ok(received) : refuse('unreachable')
  }
}

/** Sends bytes. XMLHttpRequest because it alone tells how many have left; they are random, so nothing compresses. */
export function upload(
  bytes: number,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<Result<number, TransferProblem>> {
  const { promise, resolve } = Promise.withResolvers<Result<number, TransferProblem>>()
  const request = new XMLHttpRequest()
  let sent = 0
  const cancel = () => request.abort()
  signal.addEventListener('abort', cancel)
  request.upload.addEventListener('progress', (event) => {
    sent = event.loaded
    onProgress(sent)
  })
  request.addEventListener('load', () =>
    resolve(request.status < 300 ? ok(bytes) : refuse(problemOf(request.status))),
  )
  request.addEventListener('error', () => resolve(refuse('unreachable')))
  request.addEventListener('abort', () => resolve(sent > 0 ? ok(sent) : refuse('unreachable')))
  request.addEventListener('loadend', () => signal.removeEventListener('abort', cancel))
  request.open('POST', UP)
  request.setRequestHeader('content-type', 'application/octet-stream')
  request.send(new Blob([randomBytes(bytes)]))
  return promise
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
