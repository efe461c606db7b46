/** What of a call goes into the address, and what into the body. */
export interface RouteRequest {
  readonly method: string
  /** From `/api` on. */
  readonly path: string
  readonly body: string | null
}

const isWord = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value)

/**
 * Puts a call into a request as the server's OpenAPI handler reads it: what the path names goes there, the rest of a GET
 * into the query, of anything else into a JSON body.
 * @param route method and path of the contract: `POST /attempts/{attempt}/entry`
 * @throws when a GET asks for more than words, numbers and yes or no
 */
export function routeRequest(route: string, input: Readonly<Record<string, unknown>> = {}): RouteRequest {
  const [method = '', pattern = ''] = route.split(' ')
  const left = { ...input }
  const path = pattern.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = left[name]
    delete left[name]
    return encodeURIComponent(String(value))
  })
  const rest = Object.entries(left).filter(([, value]) => value !== undefined)
  if (method !== 'GET') return { method, path, body: rest.length > 0 ? JSON.stringify(left) : null }
  const query = new URLSearchParams()
  for (const [name, value] of rest) {
    if (!isWord(value)) throw new TypeError(`${route}: ${name} does not fit into a query`)
    query.append(name, String(value))
  }
  return { method, path: rest.length > 0 ? `${path}?${query.toString()}` : path, body: null }
}
