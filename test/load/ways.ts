import type { Measurements, RouteOutcome } from '@vigie/checks/verdict/measurements'
import type { Verdict } from '@vigie/checks/verdict/reading'
import { knock } from '../people/liveJoiner.ts'
import type { Stack } from '../stack/stack.ts'
import { openCheck } from './checkPage.ts'
import { answered } from './checkTime.ts'
import { farEnd, RELAY, WAYS, type Way } from './farEnd.ts'
import type { Figure } from './figures.ts'
import { shapedLine } from './shapedLine.ts'

/** What this measure asks of LiveKit: every way there is. */
export const ALL_WAYS = { tcp: true, turnTls: RELAY } as const

interface Network {
  readonly open: readonly Way[]
  readonly losesEvery?: number
  readonly verdict: Verdict
}

/** Networks as candidates have them, by what they let through. */
const NETWORKS: readonly Network[] = [
  { open: ['udp', 'tcp', 'turn'], verdict: 'pass' },
  { open: ['udp'], verdict: 'pass' },
  { open: ['udp', 'tcp', 'turn'], losesEvery: 8, verdict: 'warn' },
  { open: ['tcp', 'turn'], verdict: 'warn' },
  { open: ['tcp'], verdict: 'warn' },
  { open: ['turn'], verdict: 'warn' },
  { open: [], verdict: 'fail' },
]

/**
 * The check's trial of live media on networks that let through some ways and not others: real UDP, TCP and TURN over
 * TLS to a real SFU [CHK-06]. Fails when the page finds another way open than is. Times what the trial takes.
 */
export async function measureWays(stack: Stack): Promise<Figure[]> {
  await using line = await shapedLine(stack.origin, 20_000, 20_000)
  if (!line) return []
  const figures: Figure[] = []
  for (const { open, losesEvery = 0, verdict } of NETWORKS) {
    await using far = await farEnd(stack, line, open, { losesEvery })
    const { browser, page } = await openCheck(far, line)
    try {
      const began = performance.now()
      await page.getByRole('button', { name: 'Refaire : Son et image en direct' }).click()
      await answered(page, 'connection')
      const seconds = (performance.now() - began) / 1_000
      const filed = page.waitForResponse(
        (answer) => answer.url().endsWith('/api/checks/reports') && answer.request().method() === 'POST',
      )
      await page.getByRole('button', { name: 'Je n’entends pas' }).click()
      await page.getByRole('button', { name: 'Partager mon écran' }).click()
      const { connection } = ((await (await filed).json()) as { measurements: Measurements }).measurements
      const shown = await page.locator('[data-item="connection"]').getAttribute('data-state')
      const losing = losesEvery === 0 ? '' : `, every ${losesEvery}th packet of UDP lost`
      const name = `network open to ${open.join(', ') || 'nothing'}${losing}`
      console.log(`  · ${name}: ${JSON.stringify(connection)}, ${shown}`)
      expectWays(name, connection, open)
      if (shown !== verdict) throw new Error(`${name}: the sheet says ${shown}, not ${verdict}`)
      figures.push({ name: `trial of live media, ${name}`, unit: 's', runs: [seconds], goal: 30 })
    } finally {
      await browser.close()
    }
  }
  return [...figures, await measureTrialEnd(stack)]
}

/** A trial's room ends with its minute, whoever is still in it. */
async function measureTrialEnd(stack: Stack): Promise<Figure> {
  const began = performance.now()
  const answer = await fetch(`${stack.origin}/api/checks/trial`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  const { token } = (await answer.json()) as { token: string }
  const stayer = await knock(stack.origin, token)
  if (!stayer.joined) throw new Error('the trial’s own ticket does not lead into its room')
  await stayer.over
  const seconds = (performance.now() - began) / 1_000
  return { name: 'a trial’s room is gone, with somebody in it', unit: 's', runs: [seconds], goal: 75 }
}

function expectWays(name: string, connection: Measurements['connection'], open: readonly Way[]): void {
  if (connection?.outcome !== 'measured') throw new Error(`${name}: nothing was measured`)
  for (const way of WAYS) {
    const expected: RouteOutcome = open.includes(way) ? 'connected' : 'failed'
    if (connection[way] !== expected) throw new Error(`${name}: ${way} ${connection[way]}, not ${expected}`)
  }
  // This relay listens for TLS alone.
  const relay = open.includes('turn') ? 'tls' : null
  if (connection.relay !== relay) throw new Error(`${name}: a relay over ${connection.relay}, not ${relay}`)
}
