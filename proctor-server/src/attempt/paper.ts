import type { CandidatePaper } from '@vigie/contract/attempt/paper'
import type { SaveLink } from '@vigie/exam-engine/attempt/saveLink'
import { candidatePaper } from '@vigie/exam-engine/catalog/candidatePaper'
import type { Papers } from '../catalog/store.ts'
import type { Database } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'
import { latestDrafts, readAttempt } from './store.ts'

/** The questions in this candidate's order, without the key, and only once the exam has started [ATT-07]. */
export async function readPaper(db: Database, papers: Papers, attempt: string): Promise<CandidatePaper> {
  const stored = await readAttempt(db, attempt)
  if (!stored) throw new Refused('attempt-unknown')
  const { state } = stored
  if (state.status === 'held') throw new Refused('held')
  if (!('sitting' in state) || !state.sitting) throw new Refused('not-started')
  if (state.status !== 'running') throw new Refused(state.status)
  const paper = candidatePaper(await papers.of(db, state.booking.paperId), state.sitting.seed)
  return {
    title: paper.title,
    parts: paper.parts.map((part) => ({
      ...part,
      questions: part.questions.map((question) => ({ ...question, choices: [...question.choices] })),
    })),
  }
}

/** What the server has of the answers, for a page that starts again on another computer. */
export async function readDraft(
  db: Database,
  attempt: string,
): Promise<{ number: number; answers: Record<string, string[]>; linked?: SaveLink }> {
  const draft = (await latestDrafts(db, [attempt])).get(attempt)
  if (!draft) return { number: 0, answers: {} }
  const state = (await readAttempt(db, attempt))?.state
  const linked = state && 'sitting' in state ? state.sitting?.draft.linked : undefined
  return {
    number: draft.number,
    ...(linked && { linked }),
    answers: Object.fromEntries(JSON.parse(draft.answers) as [string, string[]][]),
  }
}
