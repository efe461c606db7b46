import type { Page } from '@playwright/test'
import { PROTOCOL_VERSION } from '@vigie/contract/protocol'
import { exportPath } from '@vigie/contract/review/playback'
import type { CaseFile } from '@vigie/contract/review/api'
import pg from 'pg'
import { io } from 'socket.io-client'
import { unzip } from '../../proctor-server/src/review/testZip.ts'
import { expectAccessibleInBothThemes } from '../people/accessible.ts'
import { reachQueue } from '../people/candidate.ts'
import { samplesOf, tracksOf } from '../people/mp4.ts'
import { playedRuns, signedIn, type PlayedRun, type Signed } from '../people/reviewer.ts'
import type { Stack } from '../stack/stack.ts'
import { expect, test, type Seat } from './stack.fixture.ts'

/** A recording that is cut off, killed and taken up again, as its reviewers find it; then the verdict and the answer. */

const TRACKS = ['camera', 'screen'] as const

const account = (stack: Stack, email: string) => stack.accounts.find((one) => one.email === email)!

async function query<Row extends pg.QueryResultRow>(
  stack: Stack,
  text: string,
  attempt: string,
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: stack.databaseUrl })
  await client.connect()
  try {
    return (await client.query<Row>(text, [attempt])).rows
  } finally {
    await client.end()
  }
}

/** Segments of both tracks that wait on the candidate's computer, the initialisation ones left out. */
const waiting = (page: Page, attempt: string): Promise<number> =>
  page.evaluate(
    (under) =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open('vigie.evidence')
        opening.onsuccess = () => {
          const range = IDBKeyRange.bound(under, `${under}￿`)
          const counting = opening.result.transaction('values').objectStore('values').count(range)
          counting.onsuccess = () => resolve(counting.result)
        }
      }),
    `${attempt}/segment/`,
  )

interface Rendition {
  track: string
  rendition: string
  segments: number
  awaited: number
}
const renditions = (stack: Stack, attempt: string) =>
  query<Rendition>(
    stack,
    `select track, rendition, count(*) filter (where number > 0 and received_at is not null)::int as segments,
       count(*) filter (where received_at is null)::int as awaited
     from segment where attempt_id = $1 group by track, rendition order by track, min(started_at)`,
    attempt,
  )

/** Decodes every picture of a run in a real browser; tells how many came out, and how many were to be expected. */
async function decode(page: Page, run: PlayedRun): Promise<{ decoded: number; expected: number }> {
  const track = tracksOf(run.init).find(({ video }) => video)!
  const samples = run.segments.flatMap(({ bytes }) => samplesOf(bytes, track))
  const decoded = await page.evaluate(
    async ({ codec, description, pictures }) => {
      const bytes = (text: string) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))
      let count = 0
      const decoder = new VideoDecoder({
        output: (frame) => {
          count += 1
          frame.close()
        },
        error: (error) => {
          throw error
        },
      })
      decoder.configure({ codec, ...(description ? { description: bytes(description) } : {}) })
      pictures.forEach(({ key, data }, index) =>
        decoder.decode(
          new EncodedVideoChunk({ type: key ? 'key' : 'delta', timestamp: index * 1_000, data: bytes(data) }),
        ),
      )
      await decoder.flush()
      return count
    },
    {
      codec: track.codec ?? 'vp09.00.10.08',
      description: track.description?.toString('base64') ?? null,
      pictures: samples.map(({ key, data }) => ({ key, data: data.toString('base64') })),
    },
  )
  const seconds = run.segments.reduce((sum, segment) => sum + segment.seconds, 0)
  const usual = [...samples].sort((a, b) => a.duration - b.duration)[Math.floor(samples.length / 2)]!.duration
  return { decoded, expected: seconds / usual }
}

/** A lead ends what is left as a technical matter: the shortest way to an attempt that is over. */
async function closeAsTechnical(stack: Stack, lead: Signed, attempt: string): Promise<void> {
  const socket = io(stack.origin, {
    transports: ['websocket'],
    auth: { protocol: PROTOCOL_VERSION, kind: 'console' },
    extraHeaders: { cookie: lead.cookie },
  })
  try {
    const ack = (await socket.timeout(20_000).emitWithAck('supervision:close-as-technical', {
      attempt,
      reason: 'candidate-equipment',
    })) as { ok: boolean }
    expect(ack).toMatchObject({ ok: true })
  } finally {
    socket.close()
  }
}

async function openAccessible(
  { page }: Seat,
  address: string,
  ready: (page: Page) => Promise<void>,
): Promise<void> {
  await page.goto(address)
  await ready(page)
  await expectAccessibleInBothThemes(page)
}

test('[EVD-01] [EVD-03] [REV-02] [REV-04] a line cut, a page killed and reopened (the cut lasts until two segments of each track wait, not two minutes): all arrives, verifies and decodes, is reviewed and answered', async ({
  stack,
  launchCandidate,
  launchBrowser,
}) => {
  test.setTimeout(300_000)
  const seat = await launchCandidate()
  const { context } = seat
  let { page } = seat
  const camille = account(stack, 'camille@demo.test')
  const attempt = await reachQueue(page, camille)
  const morgan = await signedIn(stack.origin, account(stack, 'relecture@demo.test'))

  await test.step('the line is cut: recording goes on, on this computer', async () => {
    await expect
      .poll(async () => (await renditions(stack, attempt)).filter(({ segments }) => segments > 0).length, {
        timeout: 60_000,
      })
      .toBe(2)
    await context.setOffline(true)
    await expect.poll(() => waiting(page, attempt), { timeout: 60_000 }).toBeGreaterThanOrEqual(4)
  })

  await test.step('the page is killed, and opened again with the line back', async () => {
    // Without a word to the page: nothing of it runs any more.
    await page.close({ runBeforeUnload: false })
    await context.setOffline(false)
    page = await context.newPage()
    await page.goto(`/passages/${attempt}`, { waitUntil: 'commit' })
    const goOn = page.getByRole('button', { name: 'Reprendre', exact: true })
    await goOn.click({ timeout: 60_000 })
    await expect(goOn).toBeHidden({ timeout: 60_000 })
  })

  await test.step('everything promised arrives, and a second run of each track follows the first', async () => {
    await expect
      .poll(
        async () => {
          const found = await renditions(stack, attempt)
          return [
            found.filter(({ segments }) => segments > 0).length,
            found.some(({ awaited }) => awaited > 0),
          ]
        },
        { timeout: 90_000 },
      )
      .toEqual([4, false])
    await closeAsTechnical(
      stack,
      await signedIn(stack.origin, account(stack, 'responsable@demo.test')),
      attempt,
    )
    await expect(page.getByText('L’enregistrement est entièrement envoyé.', { exact: false })).toBeVisible({
      timeout: 60_000,
    })
  })

  await test.step('both tracks cover the attempt but for one known gap each, where the page was gone', async () => {
    const file = (await (
      await morgan.get(`/api/review/attempts/${attempt}?purpose=review`)
    ).json()) as CaseFile
    for (const { track, stretches, gaps } of file.tracks) {
      expect(new Set(stretches.map(({ rendition }) => rendition)).size, track).toBe(2)
      const last = stretches.at(-1)!.to
      const inside = gaps.filter(({ from, to }) => from > stretches[0]!.from && to < last)
      expect(inside, track).toHaveLength(1)
      expect(['disconnected', 'media-lost'], track).toContain(inside[0]?.cause)
    }
  })

  await test.step('[REV-06] every hash verifies: each segment is what was promised, the chain is whole', async () => {
    const archive = await morgan.get(exportPath(attempt, 'review'))
    const manifest = JSON.parse(
      unzip(Buffer.from(await archive.arrayBuffer()))
        .get('manifest.json')!
        .toString(),
    ) as { chain: { ok: boolean }; segments: Record<string, number>; faults: unknown[] }
    expect(manifest.chain.ok).toBe(true)
    expect(manifest.faults).toEqual([])
    expect(manifest.segments['verified']).toBe(manifest.segments['promised'])
  })

  const reviewer = await launchBrowser({ viewport: { width: 1440, height: 900 } })
  await test.step('as many pictures come out as were to be expected, within 2 %', async () => {
    await reviewer.page.goto('/')
    for (const track of TRACKS) {
      for (const run of await playedRuns(morgan, attempt, track)) {
        const { decoded, expected } = await decode(reviewer.page, run)
        expect(Math.abs(decoded / expected - 1), `${track}: ${decoded} of ${expected}`).toBeLessThan(0.02)
      }
    }
  })

  await test.step('a reviewer concludes, a second confirms; the pages are accessible in both themes', async () => {
    const yael = await signedIn(stack.origin, account(stack, 'relecture2@demo.test'))
    const verdict = `/api/review/attempts/${attempt}/verdict`
    await morgan.send('POST', verdict, {
      step: {
        type: 'propose',
        outcome: 'invalid',
        reasons: ['recording-obstructed'],
        facts: 'La caméra a été coupée.',
        moments: [{ at: Date.now(), text: 'Plus d’image' }],
      },
    })
    await reviewer.context.addCookies(cookiesOf(morgan, stack.origin))
    await openAccessible(reviewer, '/relecture', (shown) =>
      expect(shown.getByRole('link', { name: /Ouvrir/ }).first()).toBeVisible(),
    )
    await openAccessible(reviewer, `/relecture/${attempt}`, async (shown) => {
      await expect(shown.getByRole('button', { name: 'Lire' })).toBeVisible({ timeout: 60_000 })
      await shown.getByRole('tab', { name: 'Décision' }).click()
      await expect(shown.getByRole('button', { name: 'Retirer la proposition' })).toBeVisible()
    })
    await yael.send('POST', verdict, { step: { type: 'confirm' } })
  })

  await test.step('the candidate is told, answers, and sees who has looked', async () => {
    const own = { ...seat, page }
    await page.goto('/passages')
    await expect(page.getByText('Votre réponse est attendue').first()).toBeVisible()
    await openAccessible(own, `/passages/${attempt}/relecture`, (shown) =>
      expect(shown.getByText('La caméra a été coupée.')).toBeVisible(),
    )
    await page.getByLabel('Votre réponse').fill('Le câble s’est débranché.')
    await page.getByRole('button', { name: 'Envoyer ma réponse' }).click()
    await expect(page.getByText('Votre réponse est enregistrée')).toBeVisible()
    await expect(page.getByRole('cell', { name: /Morgan/ }).first()).toBeVisible()
  })
})

const cookiesOf = ({ cookie }: Signed, origin: string) =>
  cookie.split('; ').map((one) => {
    const at = one.indexOf('=')
    return { name: one.slice(0, at), value: one.slice(at + 1), url: origin }
  })
