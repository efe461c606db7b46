import type { AttemptEvent } from './events.ts'
import type { StateIn } from './history.ts'

/** [ATT-08] A hold asked for takes effect at the page's contact; nothing when none was asked for. */
export function heldByContact(
  { holdRequest }: StateIn<'running'>,
  happened: Pick<AttemptEvent, 'at' | 'by'>,
): AttemptEvent[] {
  if (!holdRequest) return []
  return [{ type: 'held', ...happened, reason: holdRequest.reason, cause: holdRequest.cause }]
}
