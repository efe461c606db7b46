import type { TimelineMark } from '@vigie/contract/supervision/view'
import type { Reader } from '../../platform/database.ts'
import { stepsOf } from './store.ts'

/** What the live side adds to an attempt's timeline: how the candidate was seen [ROOM-02]. */
export async function liveMarks(db: Reader, attempt: string): Promise<TimelineMark[]> {
  const steps = await stepsOf(db, attempt)
  return steps.map(({ at, step }) => ({ at, lane: 'media', type: 'step', by: 'system', detail: { step } }))
}
