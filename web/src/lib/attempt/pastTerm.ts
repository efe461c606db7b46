import type { AttemptView } from '@vigie/contract/attempt/view'
import { endsAt } from '@vigie/exam-engine/evidence/retention'
import type { Instant } from '@vigie/kernel/instant'
import { ifFree } from '#lib/platform/locks.ts'
import { openShelf, type Shelf } from '#lib/platform/store.ts'
import { ATTEMPT_SHELF, lockOfAttempt } from './memory.ts'

/** Where a browser keeps what belongs to attempts: `<attempt>:…` and `<attempt>/…`. */
interface Shelves {
  readonly attempts: Shelf
  readonly recordings: Shelf
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=[:/])/

async function keptAttempts({ attempts, recordings }: Shelves): Promise<string[]> {
  const keys = [...(await attempts.keys('')), ...(await recordings.keys(''))]
  return [...new Set(keys.flatMap((key) => UUID.exec(key)?.[0] ?? []))]
}

/** Whether anything of the attempt may still be of use: its last snapshot tells when the server last spoke of it. */
async function isPastTerm({ attempts }: Shelves, attempt: string, now: Instant): Promise<boolean> {
  const view = (await attempts.read(`${attempt}:view`)) as Pick<AttemptView, 'now'> | undefined
  // Nobody can send what has lost its credential.
  if (!view) return (await attempts.read(`${attempt}:entry`)) === undefined
  return (endsAt('browser-store', view.now) ?? Infinity) <= now
}

async function forget({ attempts, recordings }: Shelves, attempt: string): Promise<void> {
  for (const key of await recordings.keys(`${attempt}/`)) await recordings.remove(key)
  for (const key of await attempts.keys(`${attempt}:`)) await attempts.remove(key)
}

/** As `forgetPastTerm`, in these shelves. */
export async function forgetIn(
  shelves: Shelves,
  now: Instant,
  destroyed: ReadonlySet<string>,
): Promise<void> {
  for (const attempt of await keptAttempts(shelves)) {
    if (!destroyed.has(attempt) && !(await isPastTerm(shelves, attempt, now))) continue
    // A page that is in the attempt keeps its own.
    await ifFree(lockOfAttempt(attempt), () => forget(shelves, attempt))
  }
}

/**
 * What this browser keeps of attempts past their term is erased, sent or not, with the credential that would send it
 * [RET-01]. `now`: the server's clock, for a computer that is a year ahead must erase nothing. `destroyed`: attempts whose
 * recording the server has destroyed before.
 */
export async function forgetPastTerm(
  now: Instant,
  destroyed: ReadonlySet<string> = new Set(),
): Promise<void> {
  const [attempts, recordings] = [await openShelf(ATTEMPT_SHELF), await openShelf('evidence')]
  await forgetIn({ attempts, recordings }, now, destroyed)
}
