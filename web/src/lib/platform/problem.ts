import type { ErrorCode } from '@vigie/contract/errors'

/** What only a browser can say went wrong: nothing reached the server, or nothing came back in time. */
export const BROWSER_CODES = ['offline', 'no-answer'] as const
export type BrowserCode = (typeof BROWSER_CODES)[number]

export type ProblemCode = ErrorCode | BrowserCode

export type Detail = Readonly<Record<string, unknown>>

/**
 * Every failure a page has to deal with, whichever way it came: a refusal of the server by its stable code, or the
 * network's silence. `problemWords.ts` has the words; nothing here is meant to be read by a person.
 */
export class Problem extends Error {
  override readonly name = 'Problem'
  /** A newer server may send a code this page does not know yet: the words then are those of `unexpected`. */
  readonly code: ProblemCode
  readonly detail: Detail
  /** Milliseconds the server asked to wait before the next try; null when it asked for nothing. */
  readonly retryAfter: number | null

  constructor(code: ProblemCode, detail: Detail = {}, retryAfter: number | null = null) {
    super(code)
    this.code = code
    this.detail = detail
    this.retryAfter = retryAfter
  }
}

/** Nothing was decided: the same call may be made again, later. */
const TRANSIENT: ReadonlySet<ProblemCode> = new Set([
  'offline',
  'no-answer',
  'busy',
  'too-many',
  'unexpected',
  'live-unavailable',
])

/** Whether trying again, unchanged, may work. A refusal that names a rule stays one however often it is asked. */
export const isTransient = (problem: Problem): boolean => TRANSIENT.has(problem.code)

/** What a refusal looks like in a body or an acknowledgement: `{ code, detail }`, or oRPC's `{ code, data }`. */
export function problemOf(body: unknown, retryAfter: number | null = null): Problem {
  const { code, detail, data } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >
  const named = typeof code === 'string' && code !== '' ? (code as ErrorCode) : 'unexpected'
  return new Problem(named, asDetail(detail) ?? asDetail(data) ?? {}, retryAfter)
}

const asDetail = (value: unknown): Detail | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Detail) : null

/** Anything thrown, as a problem: our own pass, a failed fetch is `offline`, an expired wait is `no-answer`. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof DOMException && (error.name === 'TimeoutError' || error.name === 'AbortError')) {
    return new Problem('no-answer')
  }
  // fetch rejects with a TypeError when the request never got through.
  if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message))
    return new Problem('offline')
  return new Problem('unexpected', { message: error instanceof Error ? error.message : String(error) })
}
