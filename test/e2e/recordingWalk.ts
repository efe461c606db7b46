import type { Page } from '@playwright/test'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { granted, type Console } from '../../proctor-server/src/testing/examDay.ts'
import { pullOut } from '../people/tracks.ts'
import { query } from '../stack/query.ts'
import type { Stack } from '../stack/stack.ts'
import { expect } from './stack.fixture.ts'

/** What a candidate does whose exam is recorded, and what of it lies on their computer and on the server. */

const PATIENT = { timeout: 60_000 }

/** Segments that wait on the candidate's computer. */
export const waiting = (page: Page, attempt: string): Promise<number> =>
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
  track: 'camera' | 'screen'
  segments: number
  awaited: number
  kbps: number
}
export const renditions = (stack: Stack, attempt: string) =>
  query<Rendition>(
    stack,
    `select track, count(*) filter (where number > 0 and received_at is not null)::int as segments,
       count(*) filter (where received_at is null)::int as awaited,
       (sum(bytes) * 8.0 / greatest(1, max(ended_at) - min(started_at)))::float as kbps
     from segment where attempt_id = $1 group by track, rendition order by track, min(started_at)`,
    [attempt],
  )

/** Each time the camera began to be recorded, in order. */
export const cameraTakes = async (stack: Stack, attempt: string) =>
  (await renditions(stack, attempt)).filter(({ track }) => track === 'camera')

/** Pulls the camera out and leaves it so for longer than segments may be apart; gives when. */
export async function loseCamera(page: Page): Promise<number> {
  const lostAt = await pullOut(page, 'camera')
  await expect.poll(() => Date.now() - lostAt, PATIENT).toBeGreaterThan(1_500)
  return lostAt
}

/** Shares everything again and waits until it is recorded; gives the moment from which it surely is. */
export async function resume(page: Page): Promise<number> {
  const button = page.getByRole('button', { name: 'Reprendre', exact: true })
  await button.click(PATIENT)
  await expect(button).toBeHidden(PATIENT)
  await expect(page.getByText('Enregistrement en cours').first()).toBeVisible(PATIENT)
  return Date.now()
}

/** The candidate asks to end, the proctor agrees. */
export async function endExam(page: Page, proctor: Console, attempt: string): Promise<void> {
  await page.getByRole('button', { name: 'Terminer l’examen' }).click()
  await page.getByRole('button', { name: 'Demander à terminer' }).click()
  await proctor.case((one) => one.view.attempt === attempt && one.view.sitting?.endRequest != null)
  granted(await proctor.ask('supervision:agree-to-end', { attempt: attemptId.parse(attempt) }))
}
