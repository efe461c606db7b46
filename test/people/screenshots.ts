import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { chromiumBinary } from '../stack/chromium.ts'
import { root } from '../stack/paths.ts'
import { startStack } from '../stack/stack.ts'
import { temporaryFolder } from '../stack/temporaryFolder.ts'
import { ensureWebBuild } from '../stack/webBuild.ts'
import { openSeat } from './browser.ts'
import {
  acknowledgeInformation,
  answerHere,
  confirmName,
  enter,
  prepareRoom,
  reachQueue,
  saved,
  signIn,
  startExam,
  takePhoto,
} from './candidate.ts'
import { enterPassword, openFocus, take, tickAll, watchVideo } from './proctor.ts'

/** `npm run screenshots`: the pictures of the README, taken of a real exam day. */

const folder = join(root, 'docs/screenshots')
const progress = (line: string) => console.log(`· ${line}`)

async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
  progress(`${name}.png`)
}

/** A picture that is black, or stands still, is none for a README. */
async function untilItMoves(video: Locator): Promise<void> {
  while (new Set((await watchVideo(video)).readings).size < 2) progress('a tile is still dark')
}

mkdirSync(folder, { recursive: true })
await ensureWebBuild(progress)
await chromiumBinary(progress)
await using data = await temporaryFolder()
await using stack = await startStack({
  folder: data.path,
  seed: true,
  ports: 'free',
  restarts: false,
  progress,
})
const account = (email: string) => {
  const found = stack.accounts.find((one) => one.email === email)
  if (!found) throw new Error(`the demonstration has no ${email}`)
  return found
}

await using candidate = await openSeat(stack.origin, {
  camera: { kind: 'sitter', sitter: { label: 'Camille', colour: '#1d4ed8' } },
})
await using proctor = await openSeat(stack.origin, {
  viewport: { width: 1440, height: 900 },
  colourScheme: 'dark',
})
await signIn(proctor.page, account('surveillant@demo.test'))

const { page } = candidate
await signIn(page, account('camille@demo.test'))
const attempt = await enter(page)
await acknowledgeInformation(page)
await page.getByRole('button', { name: 'Commencer la vérification' }).click()
const recording = page.locator(
  '[data-item="recording"][data-state]:not([data-state="waiting"]):not([data-state="running"])',
)
await recording.waitFor({ timeout: 120_000 })
await page.getByRole('button', { name: 'Je n’entends pas : j’échangerai par écrit' }).click()
await page.getByRole('button', { name: 'Partager mon écran' }).click()
const onwards = page.getByRole('button', { name: 'Continuer' })
await onwards.waitFor({ timeout: 60_000 })
await shot(page, 'check')
await onwards.click()
await confirmName(page)
await takePhoto(page, 'Photo de votre pièce d’identité')
await takePhoto(page, 'Photo de votre visage')
await prepareRoom(page)
await page.getByText('Vu en direct').first().waitFor()
await shot(page, 'waiting')

await take(proctor.page, 'Camille Martin')
await openFocus(proctor.page, 'Camille Martin')
await tickAll(proctor.page)
await proctor.page.locator('[data-focus] video[data-source="screen"]').first().waitFor()
await shot(proctor.page, 'focus')
await enterPassword(proctor.page)
await startExam(page)
for (let answered = 0; answered < 4; answered += 1) {
  await answerHere(page)
  await page.getByRole('button', { name: 'Suivante' }).click()
}
await answerHere(page)
await saved(page).waitFor()
await shot(page, 'exam')
await proctor.page.keyboard.press('Escape')

// Company on the wall: one who is being checked, one who began, one who waits.
await using others = new AsyncDisposableStack()
for (const [email, name, colour] of [
  ['noe@demo.test', 'Noé Bernard', '#b45309'],
  ['ines@demo.test', 'Inès Petit', '#047857'],
  ['hugo@demo.test', 'Hugo Moreau', '#7c3aed'],
] as const) {
  const seat = others.use(
    await openSeat(stack.origin, {
      camera: { kind: 'sitter', sitter: { label: name.split(' ')[0]!, colour } },
    }),
  )
  await reachQueue(seat.page, account(email))
  if (email === 'hugo@demo.test') continue
  await take(proctor.page, name)
  if (email === 'noe@demo.test') {
    await openFocus(proctor.page, name)
    await tickAll(proctor.page)
    await enterPassword(proctor.page)
    await startExam(seat.page)
  }
  // Taking opens: back to the wall.
  await proctor.page.keyboard.press('Escape')
}
const tiles = proctor.page.locator('article video[data-source="camera"]')
await tiles.nth(2).waitFor()
for (const tile of await tiles.all()) await untilItMoves(tile)
await shot(proctor.page, 'console')
await others.disposeAsync()

await page.getByRole('button', { name: 'Terminer l’examen' }).click()
await page.getByRole('button', { name: 'Demander à terminer' }).click()
await proctor.page.getByRole('button', { name: 'Camille Martin', exact: true }).first().click()
await proctor.page.getByRole('button', { name: 'Accepter la fin' }).click({ timeout: 60_000 })
await page
  .getByText('L’enregistrement est entièrement envoyé.', { exact: false })
  .waitFor({ timeout: 120_000 })

await using reviewer = await openSeat(stack.origin, {
  viewport: { width: 1440, height: 900 },
  colourScheme: 'dark',
})
await signIn(reviewer.page, account('relecture@demo.test'))
await reviewer.page.goto(`/relecture/${attempt}`)
const play = reviewer.page.getByRole('button', { name: 'Lire' })
await play.click({ timeout: 60_000 })
await reviewer.page.locator('video[aria-label="Caméra et son"]').waitFor({ timeout: 60_000 })
await reviewer.page.waitForFunction(() =>
  [...document.querySelectorAll('video')].every((video) => video.currentTime > 2),
)
await shot(reviewer.page, 'review')
