import { playlistPath } from '@vigie/contract/review/playback'
import type { Account } from './candidate.ts'

/** Somebody signed in who asks by HTTP, as their page would. */
export interface Signed {
  readonly cookie: string
  get(path: string): Promise<Response>
  /** JSON in, JSON out; throws on anything but success. */
  send(method: 'POST' | 'PUT', path: string, body: unknown): Promise<unknown>
}

export async function signedIn(origin: string, { email, password }: Account): Promise<Signed> {
  const answer = await fetch(`${origin}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ email, password }),
  })
  if (answer.status !== 200) throw new Error(`${email} cannot sign in: ${answer.status}`)
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  return {
    cookie,
    get: (path) => fetch(origin + path, { headers: { cookie } }),
    async send(method, path, body) {
      const response = await fetch(origin + path, {
        method,
        headers: { cookie, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
      return JSON.parse(text) as unknown
    },
  }
}

/** One uninterrupted run of a track as a reviewer's player gets it. */
export interface PlayedRun {
  readonly init: Buffer
  readonly segments: readonly { readonly from: number; readonly seconds: number; readonly bytes: Buffer }[]
}

/** Fetches what the playlist of a track lists, run by run. */
export async function playedRuns(
  reviewer: Signed,
  attempt: string,
  track: 'camera' | 'screen',
): Promise<PlayedRun[]> {
  const path = playlistPath(attempt, track, 'review')
  const bytesAt = async (relative: string) => {
    const response = await reviewer.get(
      new URL(relative, `http://host${path}`).href.slice('http://host'.length),
    )
    if (!response.ok) throw new Error(`${relative}: ${response.status}`)
    return Buffer.from(await response.arrayBuffer())
  }
  const lines = (await (await reviewer.get(path)).text()).trim().split('\n')
  const runs: { init: Buffer; segments: PlayedRun['segments'][number][] }[] = []
  let [from, seconds] = [0, 0]
  for (const line of lines) {
    const map = /^#EXT-X-MAP:URI="(.*)"/.exec(line)?.[1]
    if (map) runs.push({ init: await bytesAt(map), segments: [] })
    else if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) from = Date.parse(line.slice(25))
    else if (line.startsWith('#EXTINF:')) seconds = Number.parseFloat(line.slice(8))
    else if (!line.startsWith('#')) runs.at(-1)?.segments.push({ from, seconds, bytes: await bytesAt(line) })
  }
  return runs
}
