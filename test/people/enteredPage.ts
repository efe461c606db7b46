import type { Page } from '@playwright/test'

/**
 * Opens a candidate's page as one that entered before and was closed: the attempt's credential lies in the browser and
 * opens it again without a sign-in [IDN-09]. For attempts that the engine brought to where they are.
 * @returns when the exam page was asked for, on `performance.now`
 */
export async function openEntered(
  page: Page,
  { attempt, credential, lease }: { attempt: string; credential: string; lease: number },
  profile: string,
): Promise<number> {
  // A page of the origin without anything on it: the exam page is the first thing that loads.
  await page.goto('/healthz')
  const authorization = `Attempt ${credential}`
  const answer = await fetch(new URL(`/api/attempts/${attempt}`, page.url()), { headers: { authorization } })
  const view: unknown = await answer.json()
  await page.evaluate(
    async ({ values }) => {
      const opening = indexedDB.open('vigie.attempt', 1)
      opening.onupgradeneeded = () => opening.result.createObjectStore('values')
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        opening.onsuccess = () => resolve(opening.result)
        opening.onerror = () => reject(opening.error ?? new Error('no storage'))
      })
      await new Promise<void>((resolve, reject) => {
        const transaction = database.transaction('values', 'readwrite')
        for (const [key, value] of values) transaction.objectStore('values').put(value, key)
        transaction.oncomplete = () => resolve()
        transaction.onabort = () => reject(transaction.error ?? new Error('not stored'))
      })
      database.close()
    },
    {
      values: [
        ['profile', profile],
        [`${attempt}:entry`, { credential, lease }],
        [`${attempt}:view`, view],
      ] as const,
    },
  )
  const asked = performance.now()
  await page.goto(`/passages/${attempt}`, { waitUntil: 'commit' })
  return asked
}
