import type { Page } from '@playwright/test'
import { digest } from '@vigie/exam-engine/attempt/ids'
import { PROTOCOL_VERSION } from '@vigie/contract/protocol'
import { deadlineOf } from '@vigie/exam-engine/attempt/ledger'
import { io } from 'socket.io-client'
import { gatherCrowd, type Member } from '../load/crowd.ts'
import { expectAccessibleInBothThemes } from '../people/accessible.ts'
import { answerHere, saved, signIn } from '../people/candidate.ts'
import { openEntered } from '../people/enteredPage.ts'
import { cookiesOf } from '../people/strangers.ts'
import { stateOf, storedAnswers } from '../stack/attemptRows.ts'
import { query } from '../stack/query.ts'
import type { Stack } from '../stack/stack.ts'
import { expect, test } from './stack.fixture.ts'

/** Lines that are cut: for long, across the deadline, beyond the grace; and a server that is killed meanwhile. */

/** How long answers are waited for after a deadline, here: long enough for a slow machine, short enough for a test. */
const GRACE = 45
const PATIENT = { timeout: 60_000 }

const sittingOf = async (stack: Stack, attempt: string) => {
  const state = await stateOf(stack, attempt)
  if (!('sitting' in state) || !state.sitting) throw new Error(`${state.status} without a sitting`)
  return { ...state.sitting, deadline: deadlineOf(state.sitting, state.terms) }
}
const events = async (stack: Stack, attempt: string, type: string) =>
  query<{ at: string }>(stack, 'select at from attempt_event where attempt_id = $1 and type = $2', [
    attempt,
    type,
  ])

const account = (stack: Stack, email: string) => stack.accounts.find((one) => one.email === email)!

const windowOf = (stack: Stack) => ({
  baseURL: stack.origin,
  locale: 'fr-FR',
  timezoneId: 'Europe/Paris',
  viewport: { width: 1280, height: 800 },
})

/** Answers the question on the screen and goes to the next one, so many times. */
async function answer(page: Page, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await answerHere(page)
    await page.getByRole('button', { name: 'Suivante' }).click()
  }
}

const keptHere = (page: Page, count: number) =>
  page
    .locator('[data-save="offline"]')
    .getByText(`Hors connexion : ${count} réponse${count > 1 ? 's gardées' : ' gardée'} sur cet ordinateur`)
/** From now on no save leaves the page by its socket, until what is given back is called. */
async function holdSaves(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => {
    const { send } = WebSocket.prototype
    WebSocket.prototype.send = function (data) {
      const save = typeof data === 'string' && data.includes('"attempt:save"')
      if (!save || 'savesPass' in window) send.call(this, data)
    }
  })
  return () => page.evaluate(() => void Object.assign(window, { savesPass: true }))
}
const until = (moment: number) => new Promise((resolve) => setTimeout(resolve, moment - Date.now()))

test('[ATT-04][ATT-06][ROOM-04] a cut of 90 s, one across the deadline, one beyond the grace, one that meets a hold: nothing is lost, and what is late says so', async ({
  stack,
  launchBrowser,
}) => {
  test.setTimeout(480_000)
  await query(
    stack,
    `update policy set content = content || jsonb_build_object('sealGraceSeconds', $1::int, 'mediaGraceSeconds', 7200,
      'recorded', false)`,
    [GRACE],
  )
  // A question with a picture, which nobody looks at while there is a line.
  const picture = `/api/pictures/${'plan'.repeat(8)}`
  await query(
    stack,
    `insert into paper_picture (id, paper_id, type, content, added_at)
      select $1, id, 'image/gif', decode('R0lGODlhAQABAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64'), 0 from paper limit 1`,
    [picture.split('/').at(-1)],
  )
  await query(
    stack,
    `update paper set content = jsonb_set(content, '{parts,2,questions,9,text}',
      to_jsonb('![Un plan](' || $1::text || ') ' || (content #>> '{parts,2,questions,9,text}')))
      where content #> '{parts,2,questions,9,text}' is not null`,
    [picture],
  )
  const { browser, page: first } = await launchBrowser()
  const sit = async (member: Member, page?: Page): Promise<{ attempt: string; page: Page }> => {
    const own = page ?? (await (await browser.newContext(windowOf(stack))).newPage())
    await openEntered(own, member, 'profile-load')
    await expect(own.getByRole('heading', { name: /Question 1 sur/ })).toBeVisible(PATIENT)
    return { attempt: member.attempt, page: own }
  }
  const gather = async (size: number, endsInSeconds?: number) =>
    (
      await gatherCrowd(stack.databaseUrl, {
        size,
        status: 'running',
        proctorEmail: 'surveillant@demo.test',
        ...(endsInSeconds === undefined ? {} : { endsInSeconds }),
      })
    ).members
  const [[early, late], [long, halted]] = [await gather(2, 75), await gather(2)]
  const [within, beyond, cut, held] = [
    await sit(early!, first),
    await sit(late!),
    await sit(long!),
    await sit(halted!),
  ]
  const cookie = await cookiesOf(stack, account(stack, 'surveillant@demo.test'))
  const openConsole = () =>
    io(stack.origin, {
      transports: ['websocket'],
      auth: { protocol: PROTOCOL_VERSION, kind: 'console' },
      extraHeaders: { cookie },
    })
  const console = openConsole()
  const acts = (event: string, input: object) =>
    console.timeout(20_000).emitWithAck(event, { attempt: held.attempt, ...input })

  await test.step('answers given on a good line are saved at once', async () => {
    for (const { page } of [within, beyond, cut, held]) await answer(page, 1)
    for (const { page } of [within, beyond, cut, held]) await expect(saved(page)).toBeVisible(PATIENT)
  })

  await test.step('pictures of questions not seen yet are in the browser before a line can be lost', async () => {
    const fetched = () =>
      performance.getEntriesByType('resource').filter(({ name }) => name.includes('/api/pictures/')).length
    await expect.poll(() => cut.page.evaluate(fetched), PATIENT).toBe(1)
  })

  const cutAt = Date.now()
  await test.step('without a line the page says what it keeps, and no more than is true', async () => {
    for (const { page } of [within, beyond, cut, held]) await page.context().setOffline(true)
    await answer(held.page, 2)
    await answer(cut.page, 3)
    await answer(within.page, 2)
    await answer(beyond.page, 2)
    await expect(keptHere(cut.page, 3)).toBeVisible(PATIENT)
    await expect(keptHere(within.page, 2)).toBeVisible(PATIENT)
    await expect(keptHere(beyond.page, 2)).toBeVisible(PATIENT)
    await expectAccessibleInBothThemes(cut.page, 'hors connexion')
    const drawn = await cut.page.evaluate(async (src) => {
      const image = Object.assign(new Image(), { src })
      await image.decode()
      return image.naturalWidth
    }, picture)
    expect(drawn).toBe(1)
    expect(await storedAnswers(stack, cut.attempt)).toBe(1)
  })

  const { deadline } = await sittingOf(stack, within.attempt)
  await test.step('the deadline passes: closed without them, and the pages let nothing be changed', async () => {
    await until(deadline + 1_000)
    await expect.poll(async () => (await stateOf(stack, within.attempt)).status, PATIENT).toBe('closed')
    await expect(within.page.getByRole('article').locator('input').first()).toBeDisabled()
    await expectAccessibleInBothThemes(within.page, 'temps écoulé hors connexion')
  })

  await test.step('back within the grace: late answers count and are flagged, and sealed once the proctor has answered [TIM-02]', async () => {
    await within.page.context().setOffline(false)
    await expect(within.page.getByRole('heading', { name: 'Votre examen est terminé' })).toBeVisible(PATIENT)
    // What the cut took before the deadline is put before the proctor, beside how long this scene took to open the page:
    // until both are answered nothing is final.
    await expect
      .poll(async () => (await sittingOf(stack, within.attempt)).proposals.map(({ to }) => to), PATIENT)
      .toContain(deadline)
    await expect(within.page.getByText('Le surveillant décide d’un temps à vous rendre')).toBeVisible(PATIENT)
    for (const { number } of (await sittingOf(stack, within.attempt)).proposals) {
      const declined = { attempt: within.attempt, number, granted: false }
      expect(await acts('supervision:answer-proposal', declined)).toMatchObject({ ok: true })
    }
    await expect.poll(async () => (await stateOf(stack, within.attempt)).status, PATIENT).toBe('sealed')
    expect(await storedAnswers(stack, within.attempt)).toBe(3)
    expect(await events(stack, within.attempt, 'late-answers-saved')).toHaveLength(1)
    const [sealed] = await events(stack, within.attempt, 'sealed')
    expect(Number(sealed?.at)).toBeLessThan(deadline + GRACE * 1_000)
    await expectAccessibleInBothThemes(within.page, 'terminé, réponses en retard prises')
  })

  await test.step('held while cut off, ended in the hold: what only the page had is sent, counts and is flagged [ATT-08]', async () => {
    expect(await acts('supervision:hold', { reason: 'alarm' })).toMatchObject({ ok: true })
    // The page connects, by which the hold takes effect, and its save waits: who is heard first of two is no promise.
    await held.page.route('**/draft', (route) => route.abort())
    const savesPass = await holdSaves(held.page)
    await held.page.context().setOffline(false)
    await expect.poll(async () => (await stateOf(stack, held.attempt)).status, PATIENT).toBe('held')
    await expect
      .poll(async () => (await sittingOf(stack, held.attempt)).draft.announced, PATIENT)
      .toBeGreaterThan(1)
    expect(await storedAnswers(stack, held.attempt)).toBe(1)
    // Nothing is shared here, and time stands in the hold: nothing says that it runs on [TIM-02].
    await expect(held.page.getByText(/^Rien n’est perdu\. Cliquez sur/)).toBeVisible(PATIENT)
    await savesPass()
    expect(await acts('supervision:terminate', { reason: 'forbidden-device' })).toMatchObject({ ok: true })
    await expect.poll(async () => (await stateOf(stack, held.attempt)).status, PATIENT).toBe('sealed')
    expect(await storedAnswers(stack, held.attempt)).toBe(3)
    console.close()
  })

  await test.step('a cut of 90 s: everything is saved once the line is back, and the cut is proposed as a credit', async () => {
    await until(cutAt + 90_000)
    await cut.page.context().setOffline(false)
    await expect(saved(cut.page)).toBeVisible(PATIENT)
    expect(await storedAnswers(stack, cut.attempt)).toBe(4)
    // The answers came by HTTP; the cut is over when the socket is there again. Before it stands only how long this
    // scene took to open the page.
    await expect
      .poll(async () => {
        const { proposals } = await sittingOf(stack, cut.attempt)
        return proposals.findLast(({ kind }) => kind === 'candidate-outage')?.seconds
      }, PATIENT)
      .toBeGreaterThanOrEqual(80)
  })

  await test.step('back beyond the grace: kept, not counted, and said so', async () => {
    await expect.poll(async () => (await stateOf(stack, beyond.attempt)).status, PATIENT).toBe('sealed')
    // Two minutes without a line: whom to call stands there, and that they may.
    await expect(beyond.page.getByText('Hors connexion depuis plus de deux minutes')).toBeVisible(PATIENT)
    await expect(beyond.page.getByRole('link', { name: '08 00 90 27 92' })).toBeVisible()
    await expectAccessibleInBothThemes(beyond.page, 'hors connexion depuis deux minutes')
    await beyond.page.context().setOffline(false)
    const told = beyond.page.getByText('Des réponses sont arrivées trop tard')
    await expect(told).toBeVisible(PATIENT)
    await expectAccessibleInBothThemes(beyond.page, 'terminé, réponses trop tard')
    expect(await storedAnswers(stack, beyond.attempt)).toBe(1)
    await beyond.page.reload()
    await expect(told).toBeVisible(PATIENT)
  })

  await test.step('a reviewer admits them with a coded reason, and the candidate reads it', async () => {
    const { page: reviewer } = await launchBrowser({ viewport: { width: 1440, height: 900 } })
    await signIn(reviewer, account(stack, 'relecture@demo.test'))
    await reviewer.goto(`/relecture/${beyond.attempt}`)
    await reviewer.getByRole('tab', { name: 'Décision' }).click(PATIENT)
    await expect(reviewer.getByText(/non comptées/)).toBeVisible()
    await expectAccessibleInBothThemes(reviewer, 'réponses tardives à admettre')
    await reviewer.getByRole('button', { name: 'Admettre ces réponses' }).click()
    await reviewer.getByLabel('Motif').selectOption('offline-beyond-grace')
    await reviewer.getByRole('button', { name: 'Admettre', exact: true }).click()
    await expect(reviewer.getByText(/^Admises à/)).toBeVisible(PATIENT)
    await expect(beyond.page.getByText('Vos réponses tardives sont admises')).toBeVisible(PATIENT)
    const state = await stateOf(stack, beyond.attempt)
    if (state.status !== 'sealed') throw new Error(`found ${state.status}`)
    expect(digest.is(state.admitted?.digest)).toBe(true)
  })

  await test.step('the server is killed while saves are in flight: it has them all when it is back, and gives the time back', async () => {
    await answerHere(cut.page)
    const killedAt = Date.now()
    await stack.server.kill()
    await cut.page.getByRole('button', { name: 'Suivante' }).click()
    await answerHere(cut.page)
    await expect(cut.page.locator('[data-save="offline"]')).toBeVisible(PATIENT)
    // A silence of 6 s is an outage.
    await until(killedAt + 7_000)
    await stack.server.start()
    await expect(saved(cut.page)).toBeVisible(PATIENT)
    expect(await storedAnswers(stack, cut.attempt)).toBe(6)
    const { ledger } = await sittingOf(stack, cut.attempt)
    expect(ledger).toMatchObject([{ kind: 'outage', authority: { by: 'rule', rule: 'platform-outage' } }])
  })

  await test.step('« Terminer l’examen »: the proctor objects once, the candidate reads why and insists [ATT-05]', async () => {
    const { page, attempt } = cut
    const back = openConsole()
    const says = (event: string, input: object) =>
      back.timeout(20_000).emitWithAck(event, { attempt, ...input })
    // A console that was away for a minute has nobody any more; one that was not still has them.
    await says('supervision:take', {})
    await page.getByRole('button', { name: 'Terminer l’examen' }).click()
    await page.getByRole('button', { name: 'Demander à terminer' }).click()
    await expect(page.getByText('Votre demande de fin est partie')).toBeVisible(PATIENT)
    const objection = { reason: 'many-blanks' }
    expect(await says('supervision:object-to-end', objection)).toMatchObject({ ok: true })
    await expect(page.getByText('Le surveillant propose de continuer')).toBeVisible(PATIENT)
    await expectAccessibleInBothThemes(page, 'le surveillant propose de continuer')
    expect(await says('supervision:object-to-end', objection)).toMatchObject({
      error: { code: 'already-objected' },
    })
    await page.getByRole('button', { name: 'Terminer quand même' }).click()
    await expect(page.getByRole('heading', { name: 'Votre examen est terminé' })).toBeVisible(PATIENT)
    expect(await stateOf(stack, attempt)).toMatchObject({
      closing: { cause: 'submitted', agreement: 'insisted' },
    })
    back.close()
  })
})
