import type { AttemptId } from '@vigie/exam-engine/attempt/ids'
import { openShelf } from '#lib/platform/store.ts'
import { EVIDENCE_SHELF } from './shelf.ts'

/** Erases what this browser still holds of the recording of an attempt that nobody awaits any more, and its key. */
export async function forgetRecording(attempt: AttemptId): Promise<void> {
  const shelf = await openShelf(EVIDENCE_SHELF)
  for (const place of await shelf.keys(`${attempt}/`)) await shelf.remove(place)
}
