import type { Page } from '@playwright/test'
import pg from 'pg'
import { PROTOCOL_VERSION } from '@vigie/contract/protocol'
import type { AttemptView } from '@vigie/contract/attempt/view'
import type { ChatLine } from '@vigie/contract/supervision/chat'
import { io, type Socket } from 'socket.io-client'
import { connectAll } from '../load/sockets.ts'
import { gatherCrowd } from '../load/crowd.ts'
import { expectAccessibleInBothThemes } from '../people/accessible.ts'
import { signIn, startExam } from '../people/candidate.ts'
import { openEntered } from '../people/enteredPage.ts'
import { enterPassword, take, tickAll } from '../people/proctor.ts'
import { publishSmall } from '../people/smallRooms.ts'
import { cookiesOf } from '../people/strangers.ts'
import type { Stack } from '../stack/stack.ts'
import { expect, test } from './stack.fixture.ts'

/** Three candidates (one real page, two scripted with small drawn media) and a proctor and a lead at their consoles. */

const account = (stack: Stack, email: string) => stack.accounts.find((one) => one.email === email)!
/** What the minute brings, without waiting for it: the row that the ticker reads says that it is over. */
async function minuteIsOver(stack: Stack, email: string): Promise<void> {
  const client = new pg.Client({ connectionString: stack.databaseUrl })
  await client.connect()
  try {
    const away = `update proctor_presence set due_at = 0 where not connected
      and person_id = (select id from person where email = $1)`
    await expect.poll(async () => (await client.query(away, [email])).rowCount).toBe(1)
  } finally {
    await client.end()
  }
}

/** A candidate without a page: says what their page would say. */
function scripted(socket: Socket) {
  let view: AttemptView | null = null
  const lines: ChatLine[] = []
  socket.on('attempt', (next: AttemptView) => (view = next))
  socket.on('chat', (line: ChatLine) => lines.push(line))
  const ask = async (event: string, said: object): Promise<void> => {
    const ack = (await socket.timeout(8_000).emitWithAck(event, said)) as {
      ok: boolean
      error?: { code: string }
    }
    if (!ack.ok) throw new Error(`${event}: ${ack.error?.code}`)
  }
  const open = (kind: string) => view?.requests.find((one) => one.kind === kind && one.settledAt === null)
  return {
    lines,
    ask,
    /** The page has heard of a hold and covers its questions [ATT-08]. */
    async acknowledgeHold(): Promise<void> {
      await expect.poll(() => view?.sitting?.holdRequested).toBe(true)
      await ask('attempt:acknowledge-hold', {})
    },
    async answer(kind: string): Promise<void> {
      await expect.poll(() => open(kind)?.id).toBeTruthy()
      await ask('attempt:answer-request', { id: open(kind)!.id, outcome: 'done' })
    },
  }
}

test('[SUP-01][SUP-02][SUP-03][SUP-05][SUP-06][SUP-08] a proctor and a lead with three candidates', async ({
  stack,
  launchCandidate,
  launchBrowser,
}) => {
  test.setTimeout(300_000)
  const { members } = await gatherCrowd(stack.databaseUrl, {
    size: 3,
    status: 'waiting',
    proctorEmail: 'surveillant@demo.test',
  })
  const [first, second, third] = members as [(typeof members)[0], (typeof members)[0], (typeof members)[0]]
  const sockets = await connectAll(stack.origin, [second, third])
  const guest = scripted(sockets[0]!)

  const { page: candidate } = await launchCandidate()
  await openEntered(candidate, first, 'profile-load')
  const { page: proctor } = await launchBrowser({
    camera: { kind: 'black', size: '320x240' },
    viewport: { width: 1440, height: 900 },
  })
  const { page: lead, browser } = await launchBrowser({ viewport: { width: 1440, height: 900 } })
  const complaints: string[] = []
  for (const page of [candidate, proctor, lead]) {
    page.on('pageerror', ({ message }) => complaints.push(message))
  }
  await publishSmall(browser, stack.origin, [second, third])
  await signIn(proctor, account(stack, 'surveillant@demo.test'))
  await signIn(lead, account(stack, 'responsable@demo.test'))
  const focus = proctor.locator('[data-focus]')
  const bar = proctor.locator('[data-actions]')

  await test.step('take, checklist, password', async () => {
    await candidate.getByRole('button', { name: 'Reprendre', exact: true }).click()
    await take(proctor, 'Candidat 0')
    await expectAccessibleInBothThemes(proctor, 'focus-checklist')
    await tickAll(proctor)
    await enterPassword(proctor)
    await startExam(candidate)
  })

  await test.step('voice: held by Space, said on both sides, and over when let go', async () => {
    await expect(focus.locator('[data-voice="muted"]')).toBeVisible({ timeout: 60_000 })
    await proctor.locator('#focus-title').focus()
    await proctor.keyboard.down('Space')
    await expect(proctor.getByText('On vous entend')).toBeVisible()
    await expect(candidate.getByText('Sacha vous parle')).toBeVisible()
    await proctor.keyboard.up('Space')
    await expect(candidate.getByText('Sacha vous parle')).toBeHidden()
    await expect(proctor.getByText('Votre micro est coupé')).toBeVisible()
  })

  await test.step('chat: delivered, then read; a draft outlives a reload with focus and wall', async () => {
    await proctor.keyboard.press('m')
    await proctor.keyboard.type('Tout va bien ?')
    await proctor.keyboard.press('Enter')
    await expect(proctor.getByText('Remis')).toBeVisible()
    await candidate.getByRole('button', { name: /Appeler le surveillant/ }).click()
    await expect(candidate.getByText('Tout va bien ?')).toBeVisible()
    await expect(proctor.getByText(/^Lu à/)).toBeVisible()
    await candidate.keyboard.press('Escape')
    await proctor.getByLabel('Message à Candidat 0').fill('Un brouillon')
    await proctor.reload()
    await expect(proctor.getByLabel('Message à Candidat 0')).toHaveValue('Un brouillon')
    await expect(focus).toHaveAttribute('data-focus', first.attempt)
    await expectAccessibleInBothThemes(proctor, 'focus-chat')
  })

  const choose = async (page: Page, action: string, reason: string, confirm = action) => {
    await page.locator('[data-actions]').getByRole('button', { name: action, exact: true }).click()
    const window = page.getByRole('dialog')
    await window.getByLabel('Raison').selectOption({ label: reason })
    await window.getByRole('button', { name: confirm, exact: true }).click()
    await expect(window).toBeHidden()
  }

  await test.step('a warning is read; a flag is counted', async () => {
    await choose(proctor, 'Avertir', 'Regard souvent ailleurs')
    await expect(candidate.getByText('Regardez votre écran, s’il vous plaît.')).toBeVisible()
    await candidate.getByRole('button', { name: 'J’ai compris' }).click()
    await expect(candidate.getByText('Regardez votre écran, s’il vous plaît.')).toBeHidden()
    await proctor.locator('#focus-title').focus()
    await proctor.keyboard.press('g')
    const window = proctor.getByRole('dialog')
    await window.getByLabel('Catégorie').selectOption({ label: 'Parole' })
    await window.getByRole('button', { name: 'Enregistrer le signalement' }).click()
    await expect(proctor.getByText('1 signalement').first()).toBeVisible()
  })

  await test.step('hold and resume, time added', async () => {
    await choose(proctor, 'Suspendre', 'Vérification')
    await expect(bar.getByRole('button', { name: 'Reprendre' })).toBeVisible()
    await bar.getByRole('button', { name: 'Reprendre' }).click()
    await expect(bar.getByRole('button', { name: 'Suspendre' })).toBeVisible()
    await choose(proctor, 'Ajouter du temps', 'Correction', 'Ajouter')
  })

  await test.step('the second rings, has a break, comes back, shows the room', async () => {
    await proctor.getByRole('button', { name: 'Retour au mur' }).click()
    await take(proctor, 'Candidat 1')
    await tickAll(proctor)
    await enterPassword(proctor)
    await expect(bar.getByRole('button', { name: 'Retirer le mot de passe' })).toBeVisible()
    await guest.ask('attempt:start', {})
    await guest.ask('attempt:call', { kind: 'doorbell' })
    await expect(proctor.getByText('On sonne à sa porte').first()).toBeVisible()
    await expectAccessibleInBothThemes(proctor, 'focus-call')
    await proctor.getByRole('button', { name: 'Accorder une pause' }).click()
    await guest.acknowledgeHold()
    await expect(proctor.getByText('Demandé au candidat : Retour de pause')).toBeVisible()
    await guest.answer('return-from-break')
    await expect(proctor.getByText('Demandé au candidat : Tour de la pièce')).toBeVisible()
    await guest.answer('room-scan')
    await expect(proctor.getByText('Tour de la pièce : fait')).toBeVisible()
    await bar.getByRole('button', { name: 'Reprendre' }).click()
    await expect(bar.getByRole('button', { name: 'Suspendre' })).toBeVisible()
  })

  await test.step('handed over to the lead, with a note', async () => {
    await bar.getByRole('button', { name: 'Confier…' }).click()
    const window = proctor.getByRole('dialog')
    const colleague = window.getByLabel('Surveillant', { exact: true })
    const option = colleague.locator('option', { hasText: 'Dominique Faure' })
    await colleague.selectOption(await option.getAttribute('value'))
    await window.getByLabel('Note pour votre collègue').fill('Revient de pause.')
    await window.getByRole('button', { name: 'Confier', exact: true }).click()
    await lead.getByRole('button', { name: 'Candidat 1', exact: true }).click({ timeout: 60_000 })
    await expect(lead.getByText('Confié par Sacha Laurent')).toBeVisible()
    await expect(lead.getByText('Revient de pause.')).toBeVisible()
    await expect(lead.locator('[data-focus] video[data-source="camera"]').first()).toBeVisible({
      timeout: 60_000,
    })
    await lead.getByRole('tab', { name: 'Identité' }).click()
    await expect(lead.getByLabel('Pourquoi regardez-vous ces photos ?')).toBeVisible()
    await expectAccessibleInBothThemes(lead, 'focus-lead')
  })

  await test.step('the lead ends the exam and brings it back', async () => {
    await choose(lead, 'Interrompre', 'Appareil interdit', 'Interrompre l’examen')
    await expect(lead.getByRole('heading', { name: 'Candidat 1' })).toBeVisible()
    await choose(lead, 'Réactiver', 'Clos par erreur')
    await expect(lead.locator('[data-actions]').getByRole('button', { name: 'Reprendre' })).toBeVisible()
    await lead.getByRole('button', { name: 'Retour au mur' }).click()
  })

  await test.step('the lead sees the whole room and tells everybody', async () => {
    await lead.getByText('Tous', { exact: true }).click()
    await expect(lead.getByRole('article')).toHaveCount(2)
    await expect(lead.locator('[data-proctors]').getByText('Sacha Laurent')).toBeVisible()
    await expectAccessibleInBothThemes(lead, 'wall-lead')
    await lead.getByRole('button', { name: 'À tous…' }).click()
    const window = lead.getByRole('dialog')
    await window.getByText('Écrire à tous').click()
    await expect(window.locator('[data-bulk-count="2"]')).toBeVisible()
    await expectAccessibleInBothThemes(lead, 'window-bulk')
    await window.getByRole('button', { name: 'Faire pour tous' }).click()
    await expect(lead.getByText('Fait pour 2 candidats')).toBeVisible()
    await expect.poll(() => guest.lines.length).toBeGreaterThan(0)
  })

  await test.step('a proctor who is gone for a minute is replaced, and the candidate is told', async () => {
    const colleague = io(stack.origin, {
      transports: ['websocket'],
      auth: { protocol: PROTOCOL_VERSION, kind: 'console' },
      extraHeaders: { cookie: await cookiesOf(stack, account(stack, 'surveillant2@demo.test')) },
    })
    try {
      await new Promise((resolve) => colleague.once('cases', resolve))
      await proctor.close()
      await minuteIsOver(stack, 'surveillant@demo.test')
      await expect(candidate.getByText('Alix vous surveille désormais.')).toBeVisible()
      await candidate.getByRole('button', { name: 'J’ai compris' }).click()
      await expect(candidate.getByText('Alix vous surveille désormais.')).toBeHidden()
    } finally {
      colleague.close()
    }
  })
  expect(complaints).toEqual([])
  for (const socket of sockets) socket.close()
})

test('[SUP-01][SUP-02][SUP-07][SUP-08] thirteen candidates by keyboard alone, a wall that holds still, a console that reconnects', async ({
  stack,
  launchBrowser,
}) => {
  test.setTimeout(240_000)
  const gathered = { named: 'Passager', proctorEmail: 'surveillant@demo.test', maximumCaseload: 14 }
  const { members } = await gatherCrowd(stack.databaseUrl, { size: 13, status: 'running', ...gathered })
  const queued = await gatherCrowd(stack.databaseUrl, { size: 2, status: 'waiting', ...gathered })
  const sockets = await connectAll(stack.origin, [...members, ...queued.members])
  const guests = sockets.map(scripted)
  const { page: proctor, context } = await launchBrowser({ viewport: { width: 1440, height: 900 } })
  const { page: lead } = await launchBrowser({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
  await signIn(proctor, account(stack, 'surveillant@demo.test'))
  const keys = proctor.keyboard
  const tiles = proctor.getByRole('article')
  const open = proctor.locator('#focus-title')
  const tileOf = (n: number) => proctor.getByRole('article', { name: `Passager ${n}`, exact: true })

  await test.step('all of them in sight at once; nobody needs anybody', async () => {
    await expect(tiles).toHaveCount(13)
    await expect(tiles.last()).toBeInViewport({ ratio: 1 })
    await keys.press('s')
    await expect(proctor.getByText('Personne n’a besoin de vous pour le moment.').first()).toBeVisible()
    await expectAccessibleInBothThemes(proctor, 'wall-thirteen')
  })

  await test.step('S goes through those who press, the most pressing first; no tile moved another', async () => {
    const heights = async () => tiles.evaluateAll((all) => new Set(all.map((one) => one.clientHeight)).size)
    expect(await heights()).toBe(1)
    await guests[3]!.ask('attempt:media', { track: 'camera', lost: true, cause: 'ended' })
    await guests[5]!.ask('attempt:call', { kind: 'unwell' })
    await guests[7]!.ask('attempt:signal', { signal: 'window-left', ago: 0 })
    await expect(proctor.getByRole('button', { name: '2 candidats ont besoin de vous' })).toBeVisible()
    await expect(tileOf(7).getByText('Fenêtre quittée')).toBeVisible()
    expect(await heights()).toBe(1)
    await expectAccessibleInBothThemes(proctor, 'wall-two-need')
    await keys.press('s')
    await expect(open).toHaveText('Passager 5')
    await expect(open).toBeFocused()
    await keys.press('s')
    await expect(open).toHaveText('Passager 3')
    await expectAccessibleInBothThemes(proctor, 'focus-others-need')
  })

  await test.step('a note, a hold and going on without the mouse', async () => {
    await keys.press('n')
    await keys.type('Cherche sa caméra.')
    await keys.press('Control+Enter')
    await expect(proctor.getByText('Note enregistrée').first()).toBeVisible()
    await keys.press('h')
    await expect(proctor.getByRole('dialog').getByLabel('Raison')).toBeFocused()
    await keys.type('Vérif')
    await keys.press('Control+Enter')
    await guests[3]!.acknowledgeHold()
    await expect(proctor.locator('[data-actions]').getByRole('button', { name: 'Reprendre' })).toBeVisible()
    await keys.press('h')
    await expect(proctor.locator('[data-actions]').getByRole('button', { name: 'Suspendre' })).toBeVisible()
    await keys.press('Escape')
    await expect(open).toBeHidden()
  })

  await test.step('T takes the first of the queue; with as many as allowed, nobody more', async () => {
    await keys.press('t')
    await expect(proctor.getByText('Contrôles avant le mot de passe')).toBeVisible()
    await keys.press('Escape')
    await expect(tiles).toHaveCount(14)
    await expect(proctor.getByText('Vous suivez 14 candidats, le maximum prévu.')).toBeVisible()
    await expect(proctor.getByRole('button', { name: /^Prendre Passager/ }).first()).toBeDisabled()
    await keys.press('t')
    await expect(tiles).toHaveCount(14)
  })

  await test.step('the lead sees whom two need, and from whom a signal came', async () => {
    await signIn(lead, account(stack, 'responsable@demo.test'))
    const sacha = lead.locator('[data-proctors] li', { hasText: 'Sacha Laurent' })
    await expect(sacha.getByText('2 candidates need them at once')).toBeVisible()
    await lead.getByText('Everyone', { exact: true }).click()
    await lead.getByRole('button', { name: 'Passager 7', exact: true }).click()
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
