import type { ContractRouterClient } from '@orpc/contract'
import type { JsonifiedClient } from '@orpc/openapi-client'
import type { Api } from '@vigie/contract/api'
import routes from 'virtual:contract-routes'
import { Problem, problemOf, toProblem } from './problem.ts'
import { routeRequest } from './routeRequest.ts'

/** The HTTP contract as functions: `api.attempt.list()`. Every failure is thrown as a `Problem`. */
export type ApiClient = JsonifiedClient<ContractRouterClient<Api>>

/** Gives the attempt's own credential when there is one [IDN-09]; asked again before each request. */
export type CredentialSource = () => string | null

/** How long an answer is waited for before the call fails with `no-answer`, in milliseconds. */
const PATIENCE = 20_000

/** The header that shows an attempt's credential; none without one. */
export const authorization = (credential: string | null): Record<string, string> =>
  credential === null ? {} : { authorization: `Attempt ${credential}` }

function retryAfterOf(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds * 1_000 : null
}

async function readRefusal(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null)
  return problemOf(body, retryAfterOf(response))
}

/** Fetches, and throws a `Problem` for anything but success. */
async function fetchOrThrow(request: Request, patience: number): Promise<Response> {
  const signals = [request.signal, AbortSignal.timeout(patience)]
  const response = await fetch(request, { signal: AbortSignal.any(signals) }).catch((error: unknown) => {
    throw toProblem(error)
  })
  if (!response.ok) throw await readRefusal(response)
  return response
}

/**
 * A typed client of the contract at `/api`. Without a credential the sign-in cookie speaks; with one the attempt
 * itself does, so that an expired sign-in never ends an exam.
 */
export function createApi(credential: CredentialSource = () => null): ApiClient {
  async function call(route: string, input: Readonly<Record<string, unknown>> | undefined): Promise<unknown> {
    const { method, path, body } = routeRequest(route, input)
    const request = new Request(`${location.origin}/api${path}`, {
      method,
      headers: {
        ...authorization(credential()),
        ...(body === null ? {} : { 'content-type': 'application/json' }),
      },
      body,
    })
    const response = await fetchOrThrow(request, PATIENCE)
    const answer = await response.text().catch((error: unknown) => {
      throw toProblem(error)
    })
    return answer === '' ? undefined : JSON.parse(answer)
  }
  const client = (part: typeof routes): unknown =>
    Object.fromEntries(
      Object.entries(part).map(([name, below]) => [
        name,
        typeof below === 'string'
          ? (input?: Readonly<Record<string, unknown>>) => call(below, input)
          : client(below),
      ]),
    )
  return client(routes) as ApiClient
}

/** What the server refused, behind a failed call; null when the network was silent and nobody decided anything. */
export function refusalOf(error: unknown): Problem | null {
  const problem = toProblem(error)
  return problem.code === 'offline' || problem.code === 'no-answer' ? null : problem
}

/** The client of whoever is signed in: dashboards, console, review. */
export const api: ApiClient = createApi()

export interface BytesRequest {
  readonly method?: 'POST' | 'PUT'
  /** From the origin on, `/api` included. */
  readonly path: string
  readonly body: Blob | Uint8Array<ArrayBuffer> | ArrayBuffer
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly credential?: string | null
  readonly signal?: AbortSignal
  /** Milliseconds; large bodies on slow lines need more than the usual patience. */
  readonly patience?: number
}

/**
 * Sends bytes (a photo, a recorded segment) to a plain route and gives its JSON answer, null when it has none.
 * Throws a `Problem`; `problem.retryAfter` says how long a busy server asked to be left alone [EVD-02].
 */
export async function sendBytes<Answer = unknown>(sent: BytesRequest): Promise<Answer | null> {
  const request = new Request(`${location.origin}${sent.path}`, {
    method: sent.method ?? 'PUT',
    headers: {
      'content-type': sent.contentType ?? 'application/octet-stream',
      ...authorization(sent.credential ?? null),
      ...sent.headers,
    },
    body: sent.body,
    ...(sent.signal ? { signal: sent.signal } : {}),
  })
  const response = await fetchOrThrow(request, sent.patience ?? 60_000)
  return response.headers.get('content-type')?.includes('json') ? ((await response.json()) as Answer) : null
}

/** Fetches bytes (a photo for the proctor, a file for the reviewer) with the sign-in cookie. Throws a `Problem`. */
export async function fetchBytes(path: string, signal?: AbortSignal): Promise<Blob> {
  const request = new Request(`${location.origin}${path}`, signal ? { signal } : {})
  return (await fetchOrThrow(request, 60_000)).blob()
}
