import { connectAll } from '../load/sockets.ts'
import { gatherCrowd } from '../load/crowd.ts'
import { expectAccessibleInBothThemes } from '../people/accessible.ts'
import { signIn } from '../people/candidate.ts'
import { scripted } from '../people/scripted.ts'
import type { Stack } from '../stack/stack.ts'
import { expect, test } from './stack.fixture.ts'

/** A proctor with many candidates who never touches the mouse, and the lead who sees it. The candidates are scripted. */

const account = (stack: Stack, email: string) => stack.accounts.find((one) => one.email === email)!

test('[SUP-01][SUP-02][SUP-07][SUP-08] thirteen candidates by keyboard alone, a wall that holds still, a console that reconnects', async ({
  stack,
  launchBrowser,
}) => {
  const gathered = { proctorEmail: 'surveillant@demo.test', maximumCaseload: 13 }
  const { members } = await gatherCrowd(stack.databaseUrl, { size: 13, status: 'running', ...gathered })
  const queued = await gatherCrowd(stack.databaseUrl, {
    size: 2,
    status: 'waiting',
    named: 'Attente',
    ...gathered,
  })
  const sockets = await connectAll(stack.origin, [...members, ...queued.members])
  const guests = sockets.map(scripted)
  const { page: proctor, context } = await launchBrowser({ viewport: { width: 1440, height: 900 } })
  const { page: lead } = await launchBrowser({ viewport: { width: 1440, height: 900 } })
  await signIn(proctor, account(stack, 'surveillant@demo.test'))
  const keys = proctor.keyboard
  const tiles = proctor.getByRole('article')
  const open = proctor.locator('#focus-title')
  const nobodyNeeds = proctor.getByText('Personne n’a besoin de vous pour le moment.')
  const tileOf = (n: number) => proctor.getByRole('article', { name: `Candidat ${n}`, exact: true })

  await test.step('all of them in sight at once; nobody needs anybody', async () => {
    await expect(tiles).toHaveCount(13)
    await expect(tiles.last()).toBeInViewport({ ratio: 1 })
    await keys.press('s')
    await expect(nobodyNeeds.first()).toBeVisible()
    await expectAccessibleInBothThemes(proctor, 'wall-thirteen')
  })

  await test.step('S goes through those who press, the most pressing first; no tile moved another', async () => {
    const heights = async () => tiles.evaluateAll((all) => new Set(all.map((one) => one.clientHeight)).size)
    expect(await heights()).toBe(1)
    await keys.press('s')
    // Held, it would stay: it goes because it is true no longer.
    await nobodyNeeds.first().hover()
    await guests[5]!.ask('attempt:call', { kind: 'unwell' })
    await expect(nobodyNeeds).toHaveCount(0)
    await guests[3]!.ask('attempt:call', { kind: 'doorbell' })
    await guests[7]!.ask('attempt:signal', { signal: 'window-left', ago: 0 })
    await expect(proctor.getByRole('button', { name: '2 candidats ont besoin de vous' })).toBeVisible()
    await expect(tileOf(7).getByText('Fenêtre quittée')).toBeVisible()
    expect(await heights()).toBe(1)
    await expectAccessibleInBothThemes(proctor, 'wall-two-need')
    await keys.press('s')
    await expect(open).toHaveText('Candidat 5')
    await expect(open).toBeFocused()
    await keys.press('s')
    await expect(open).toHaveText('Candidat 3')
    await expectAccessibleInBothThemes(proctor, 'focus-others-need')
  })

  await test.step('a note, a hold and going on without the mouse', async () => {
    const dialog = proctor.getByRole('dialog')
    await keys.press('n')
    await expect(dialog.getByRole('textbox')).toBeFocused()
    await keys.type('Attend un colis.')
    await keys.press('Control+Enter')
    await expect(proctor.getByText('Note enregistrée').first()).toBeVisible()
    await expect(dialog).toBeHidden()
    await keys.press('h')
    await expect(dialog.getByLabel('Raison')).toBeFocused()
    await keys.type('Vérif')
    await keys.press('Control+Enter')
    await expect(dialog).toBeHidden()
    await guests[3]!.acknowledgeHold()
    await expect(proctor.locator('[data-actions]').getByRole('button', { name: 'Reprendre' })).toBeVisible()
    await keys.press('h')
    await expect(proctor.locator('[data-actions]').getByRole('button', { name: 'Suspendre' })).toBeVisible()
    await keys.press('Escape')
    await expect(open).toBeHidden()
  })

  await test.step('an end that is asked for comes first, and takes two keys', async () => {
    await guests[11]!.ask('attempt:request-end', { lastNumber: 0 })
    await expect(tileOf(11).getByText('Demande à terminer')).toBeVisible()
    await keys.press('s')
    await expect(open).toHaveText('Candidat 11')
    await keys.press('a')
    await expect(proctor.locator('[data-focus]').getByText('Terminé par le candidat').first()).toBeVisible()
    await keys.press('Escape')
    await expect(tiles).toHaveCount(12)
  })

  await test.step('T takes the first of the queue; with as many as allowed, nobody more', async () => {
    await keys.press('t')
    await expect(proctor.getByText('Contrôles avant le mot de passe')).toBeVisible()
    await keys.press('Escape')
    await expect(tiles).toHaveCount(13)
    await expect(proctor.getByText('Vous suivez 13 candidats, le maximum prévu.')).toBeVisible()
    await expect(proctor.getByRole('button', { name: 'Prendre Attente 1' })).toBeDisabled()
    await keys.press('t')
    await expect(tiles).toHaveCount(13)
  })

  await test.step('the lead sees whom two need, and from whom a signal came', async () => {
    // Going on has answered nobody: the doorbell still rings, and somebody is still unwell.
    await signIn(lead, account(stack, 'responsable@demo.test'))
    const sacha = lead.locator('[data-proctors] li', { hasText: 'Sacha Laurent' })
    await expect(sacha.getByText('2 candidats l’attendent à la fois')).toBeVisible()
    await lead.getByText('Tous', { exact: true }).click()
    await lead.getByRole('button', { name: 'Candidat 7', exact: true }).click()
    await expect(lead.getByRole('button', { name: /1 signal/ })).toBeVisible()
    await expectAccessibleInBothThemes(lead, 'focus-signal')
  })

  await test.step('a console that lost its line is as it was, and knows what came meanwhile', async () => {
    await keys.press('2')
    await keys.press('f')
    const before = await open.textContent()
    await proctor.getByRole('tab', { name: 'Messages' }).click()
    await proctor.getByRole('textbox', { name: /^Message à/ }).fill('Encore un instant')
    await context.setOffline(true)
    const lost = proctor.getByText('Connexion au serveur perdue', { exact: false })
    await expect(lost).toBeVisible({ timeout: 60_000 })
    await expectAccessibleInBothThemes(proctor, 'line-lost')
    await guests[9]!.ask('chat:send', { text: 'Vous m’entendez ?', key: crypto.randomUUID() })
    await context.setOffline(false)
    await expect(lost).toBeHidden({ timeout: 60_000 })
    await expect(open).toHaveText(before ?? '')
    await expect(proctor.getByRole('textbox', { name: /^Message à/ })).toHaveValue('Encore un instant')
    await proctor.locator('#focus-title').focus()
    await keys.press('Escape')
    await expect(tileOf(9).getByText('1 message non lu').first()).toBeAttached()
  })
  for (const socket of sockets) socket.close()
})
