import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { root } from '../stack/paths.ts'
import { temporaryFolder } from '../stack/temporaryFolder.ts'
import { expect, test } from './stack.fixture.ts'

test('pages keep the security policy and ask nothing of anybody else', async ({ launchBrowser, stack }) => {
  const { page } = await launchBrowser()
  const complaints: string[] = []
  const strangers: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => request.url().startsWith(stack.origin) || strangers.push(request.url()))

  const answer = await page.goto('/')
  expect(answer?.headers()['content-security-policy']).toMatch(/script-src 'self'(;|$)/)
  for (const path of ['/', '/connexion', '/style']) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  }
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  expect(complaints).toEqual([])
  expect(strangers).toEqual([])
})

test('the theme is right before the first paint, and each kind of page keeps its own', async ({
  launchBrowser,
}) => {
  const { page } = await launchBrowser()
  await page.goto('/')
  const html = page.locator('html')
  await expect(html).toHaveAttribute('data-theme', 'system')
  await page.getByRole('button', { name: 'Thème' }).click()
  await page.getByRole('button', { name: 'Sombre' }).click()
  await expect(html).toHaveAttribute('data-theme', 'dark')

  // Without its own scripts the page is never drawn by them: what is set was set before.
  await page.evaluate(async () => (await navigator.serviceWorker.ready).unregister())
  await page.route('**/_app/**', (route) => route.abort())
  await page.goto('/connexion')
  await expect(html).toHaveAttribute('data-theme', 'dark')
  await page.goto('/relecture')
  await expect(html).toHaveAttribute('data-density', 'console')
})

test('the language changes in place: nothing reloads, nothing typed is lost', async ({ launchBrowser }) => {
  const { page } = await launchBrowser()
  await page.goto('/connexion')
  await page.getByLabel('Adresse mail').fill('jeanne@exemple.fr')
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(page.getByLabel('E-mail address')).toHaveValue('jeanne@exemple.fr')
  await page.reload()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
})

test('a wrong password says so, the right one leads each person home', async ({ launchBrowser, stack }) => {
  const homes: Record<string, string> = {
    candidate: '/passages',
    proctor: '/surveillance',
    lead: '/surveillance',
    reviewer: '/relecture',
    registrar: '/gestion',
    administrator: '/gestion',
  }
  const { page } = await launchBrowser()
  const account = stack.accounts[0]
  if (!account) throw new Error('the demonstration has no account')
  await page.goto('/compte')
  await expect(page).toHaveURL('/connexion?vers=%2Fcompte')
  await page.getByLabel('Adresse mail').fill(account.email)
  await page.getByLabel('Mot de passe', { exact: true }).fill('not this one')
  await page.getByRole('button', { name: 'Se connecter' }).click()
  await expect(page.getByRole('alert')).toContainText('ne convient pas')

  // The same server by another name: it is not the password that is wrong, and they read where to go.
  await page.goto(`${stack.origin.replace('127.0.0.1', 'localhost')}/connexion`)
  await page.getByLabel('Adresse mail').fill(account.email)
  await page.getByLabel('Mot de passe', { exact: true }).fill(account.password)
  await page.getByRole('button', { name: 'Se connecter' }).click()
  await expect(page.getByRole('alert')).toContainText(`Ouvrez ${stack.origin}, puis recommencez.`)

  const seen = new Set<string>()
  for (const { role, email, password } of stack.accounts) {
    if (seen.has(role)) continue
    seen.add(role)
    await page.goto('/connexion')
    await page.getByLabel('Adresse mail').fill(email)
    await page.getByLabel('Mot de passe', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Se connecter' }).click()
    await expect(page).toHaveURL(homes[role] ?? '/compte')
    await page.goto('/compte')
    await expect(page.getByRole('main').getByText(email)).toBeVisible()
    await page.getByRole('main').getByRole('button', { name: 'Se déconnecter' }).click()
    await expect(page).toHaveURL('/connexion')
  }
  expect(seen.size).toBeGreaterThanOrEqual(3)
})

test('an address that leads nowhere says so, once, and leads home', async ({ launchBrowser }) => {
  const { page } = await launchBrowser()
  let loads = 0
  page.on('request', (request) => request.isNavigationRequest() && (loads += 1))
  await page.goto('/nulle-part')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Cette page n’existe pas')
  await page.getByRole('link', { name: 'Revenir à l’accueil' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Passez votre examen à distance')
  expect(loads).toBe(1)
})

test('[ROOM-04] a page that was opened once opens again without a network', async ({ launchBrowser }) => {
  const { page, context } = await launchBrowser()
  await page.goto('/')
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await context.setOffline(true)
  for (const path of ['/', '/connexion', '/style']) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  }
})

test('[ROOM-06] a new version waits while an attempt holds the running one', async ({ launchBrowser }) => {
  await using site = await serveCopyOfBuild()
  const { page } = await launchBrowser()
  const stores = () => page.evaluate(() => caches.keys())
  const running = () => page.evaluate(() => navigator.serviceWorker.controller?.state)
  await page.goto(site.origin)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await expect.poll(running).toBe('activated')
  const first = await stores()

  // What lib/platform/serviceWorker.svelte.ts does from entry to the end of an attempt.
  await page.evaluate(() => {
    const held = new Promise<void>((resolve) => document.addEventListener('release', () => resolve()))
    void navigator.locks.request('vigie.version.hold', { mode: 'shared' }, () => held)
  })
  site.publishAnotherVersion()
  const waiting = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration()
      await registration?.update()
      registration?.waiting?.postMessage('take-over')
      return registration?.waiting?.state
    })
  await expect.poll(waiting).toBe('installed')
  expect(await stores()).toHaveLength(2)
  await page.reload()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()

  // Nobody holds it any more after the reload: the page itself lets the new version start.
  await expect
    .poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting ?? null))
    .toBeNull()
  expect(await stores()).toEqual(expect.arrayContaining(first))
  await page.getByRole('link', { name: 'Se connecter' }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Connexion')
  expect(
    await page.evaluate(() => document.querySelector('script[src*="boot."]')?.getAttribute('src')),
  ).toContain('.another.')
})

/** The built site behind a plain file server, whose version can be changed as a deployment does. */
async function serveCopyOfBuild() {
  const folder = await temporaryFolder()
  const site = join(folder.path, 'site')
  cpSync(join(root, 'web/build'), site, { recursive: true })
  const types: Record<string, string> = {
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.svg': 'image/svg+xml',
    '.woff2': 'font/woff2',
    '.json': 'application/json',
  }
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const file = extname(path) === '' ? '/index.html' : path
    try {
      const content = readFileSync(join(site, file))
      response.writeHead(200, {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
        'cache-control': 'no-cache',
      })
      response.end(content)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    publishAnotherVersion(): void {
      const { version } = JSON.parse(readFileSync(join(site, '_app/version.json'), 'utf8')) as {
        version: string
      }
      const boot = join(site, `_app/immutable/boot.${version}.js`)
      for (const file of [
        join(site, 'index.html'),
        join(site, 'service-worker.js'),
        join(site, '_app/version.json'),
        boot,
      ])
        writeFileSync(file, readFileSync(file, 'utf8').replaceAll(version, 'another'))
      renameSync(boot, join(site, '_app/immutable/boot.another.js'))
    },
    async [Symbol.asyncDispose](): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await folder[Symbol.asyncDispose]()
    },
  }
}
