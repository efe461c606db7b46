import { expect, test } from './stack.fixture.ts'

/** What the specs about survival lean on: each part can be killed and comes back where it was. */

test('the server comes back on its port after SIGKILL, its sessions still hold', async ({
  stack,
  launchBrowser,
}) => {
  const { page } = await launchBrowser()
  const account = stack.accounts.find(({ role }) => role === 'proctor')
  if (account === undefined) throw new Error('the demonstration has a proctor')
  await page.goto('/healthz')
  const signedIn = await page.request.post('/api/auth/sign-in/email', {
    data: { email: account.email, password: account.password },
    headers: { origin: stack.origin },
  })
  expect(signedIn.status()).toBe(200)

  await stack.server.kill()
  await expect(fetch(`${stack.origin}/healthz`)).rejects.toThrow()
  await stack.server.start()

  const session = await page.request.get('/api/auth/get-session')
  expect(await session.json()).toMatchObject({ user: { email: account.email } })
})

test('LiveKit comes back on its port after SIGKILL, and the server speaks to it again', async ({ stack }) => {
  await stack.livekit.kill()
  await expect(fetch(stack.livekit.url)).rejects.toThrow()
  await stack.livekit.start()
  await expect.poll(async () => (await fetch(`${stack.origin}/readyz`)).status).toBe(200)
})
