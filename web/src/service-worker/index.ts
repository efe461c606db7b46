import { version } from '$app/env'
import { assets, immutable } from '$app/manifest'
import { self } from '$app/service-worker'

/**
 * Keeps one version of the application whole in the browser. Pages, scripts, styles and fonts come from there first,
 * so a page that was opened once opens again without a network [ROOM-04]. What changes — the API, sockets, media,
 * evidence — is never touched. A new version is stored beside the running one and waits [ROOM-06].
 */

const PREFIX = 'vigie-'
const STORE = `${PREFIX}${version}`
const SHELL = '/'

/** The same name as in src/lib/platform/serviceWorker.svelte.ts. */
const HOLD = 'vigie.version.hold'

/** The face detector's parts are stored when first used, not in advance: large, and nothing waits for them [CHK-14]. */
const later = /\.(wasm|tflite)$|\/workers\/|vision_wasm/

/** Written by web/staticSite.ts, so Vite does not list it. */
const boot = `/_app/immutable/boot.${version}.js`

const wanted = [
  SHELL,
  boot,
  ...[...immutable, ...assets].map(({ path }) => new URL(path, self.location.origin + '/').pathname),
].filter((path) => !later.test(path) && !path.endsWith('/robots.txt'))

const ours = /^\/(api|socket\.io|livekit)(\/|$)/

self.addEventListener('install', (event) => event.waitUntil(store()))
self.addEventListener('activate', (event) => event.waitUntil(settle()))
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') event.waitUntil(takeOver())
})
self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin || ours.test(url.pathname)) return
  if (request.mode === 'navigate') event.respondWith(shell(request, url))
  else if (wanted.includes(url.pathname) || url.pathname.startsWith('/_app/immutable/')) {
    event.respondWith(stored(request, url.pathname))
  }
})

/** Stores everything, a few files at a time so that a narrow line stays usable; all of it or nothing. */
async function store(): Promise<void> {
  const cache = await caches.open(STORE)
  const left = [...wanted]
  const worker = async () => {
    for (let path = left.shift(); path; path = left.shift()) {
      // What carries a hash in its name may come from the browser's own cache; the rest must be fresh.
      const fresh = path.startsWith('/_app/immutable/') ? 'default' : 'reload'
      const response = await fetch(path, { cache: fresh })
      if (!response.ok) throw new Error(`${path} answered ${response.status}`)
      await cache.put(path, response)
    }
  }
  await Promise.all([worker(), worker(), worker()])
}

/** The version before stays too: a page still open on it may yet ask for one of its parts. */
async function settle(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== STORE)
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)))
  await self.clients.claim()
}

/** Takes over only while no page holds the running version. */
async function takeOver(): Promise<void> {
  const { held = [] } = await self.navigator.locks.query()
  if (!held.some(({ name }) => name === HOLD)) await self.skipWaiting()
}

/** Every address of the application is the same shell; an address with an extension is a file of the server. */
async function shell(request: Request, url: URL): Promise<Response> {
  if (/\.[a-z0-9]+$/i.test(url.pathname)) return fetch(request)
  return (await (await caches.open(STORE)).match(SHELL)) ?? fetch(request)
}

/** From the store, this version first; what is asked for the first time (a model) is kept for the next. */
async function stored(request: Request, path: string): Promise<Response> {
  const kept = (await (await caches.open(STORE)).match(path)) ?? (await caches.match(path))
  if (kept) return kept
  const response = await fetch(request)
  if (response.ok && later.test(path)) await (await caches.open(STORE)).put(path, response.clone())
  return response
}
