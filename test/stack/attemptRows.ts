import { stateOf as wholeState } from '../../proctor-server/src/attempt/stateColumns.ts'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import { query } from './query.ts'
import type { Stack } from './stack.ts'

/** An attempt as it stands in the database. */
export async function stateOf(stack: Stack, attempt: string): Promise<AttemptState> {
  const [row] = await query<{ state: unknown; draft: unknown }>(
    stack,
    'select state, draft from attempt where id = $1',
    [attempt],
  )
  if (!row) throw new Error('no such attempt')
  return wholeState(row)
}

/** How many questions the newest stored draft answers. */
export async function storedAnswers(stack: Stack, attempt: string): Promise<number> {
  const rows = await query<{ answers: string }>(
    stack,
    'select answers from attempt_save where attempt_id = $1 order by number desc limit 1',
    [attempt],
  )
  return rows[0] ? (JSON.parse(rows[0].answers) as unknown[]).length : 0
}
