import { chromiumBinary } from './chromium.ts'
import { openSeat, type Seat } from '../people/browser.ts'
import { answerHere, reachQueue, startExam } from '../people/candidate.ts'
import { runVigie } from './run.ts'

/** `npm run demo`: the product, and scripted candidates with synthetic cameras so that a proctor alone has somebody to watch. */

/** Two full candidates with media are what a machine of two cores carries (a third would starve the proctor's page). */
const CANDIDATES = [
  { email: 'noe@demo.test', label: 'Noé', colour: '#15803d' },
  { email: 'ines@demo.test', label: 'Inès', colour: '#b45309' },
] as const

await chromiumBinary((line) => console.log(`· ${line}`))
await runVigie(async (stack) => {
  await using seats = new AsyncDisposableStack()
  for (const { email, label, colour } of CANDIDATES) {
    const account = stack.accounts.find((one) => one.email === email)
    if (!account) throw new Error(`the demonstration has no ${email}`)
    const seat = seats.use(
      await openSeat(stack.origin, { camera: { kind: 'sitter', sitter: { label, colour } } }),
    )
    console.log(`· ${label} enters: equipment check, photos, room`)
    await reachQueue(seat.page, account)
    console.log(`· ${label} waits in the queue`)
    void sit(seat, label)
  }
  console.log(
    `\nSign in as surveillant@demo.test at ${stack.origin}/connexion and take them. Ctrl-C stops everything.`,
  )
  return seats.move()
})

/** Starts when unlocked, then answers a question every few seconds until somebody ends it. */
async function sit({ page }: Seat, label: string): Promise<void> {
  try {
    await page.getByText('Mot de passe saisi').waitFor({ timeout: 0 })
    await startExam(page)
    for (;;) {
      await answerHere(page)
      // Not a test: somebody who thinks before each answer.
      await page.waitForTimeout(6_000)
      const next = page.getByRole('button', { name: 'Suivante' })
      if (!(await next.isEnabled())) break
      await next.click()
    }
  } catch (error) {
    if (!page.isClosed())
      console.log(`· ${label} stopped: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`)
  }
}
