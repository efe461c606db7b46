import type { Answers } from '@vigie/contract/attempt/answers'
import type { SaveLink } from '@vigie/exam-engine/attempt/saveLink'
import { canonicalAnswers } from '@vigie/exam-engine/attempt/draft'
import { digest } from '@vigie/exam-engine/attempt/ids'
import { linkedText } from '@vigie/exam-engine/evidence/answerStream'
import { sha256 } from '#lib/platform/sha256.ts'
import type { Message } from './draft.ts'

/** Hashes a save with the last one that is known to be stored [EVD-04.4]. The salt keeps its digest from being guessed. */
export async function chained(number: number, answers: Answers, previous: SaveLink | null): Promise<Message> {
  const salt = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
  const saved = digest.parse(await sha256(salt + canonicalAnswers(answers)))
  const link = digest.parse(await sha256(linkedText(previous?.link ?? null, number, saved)))
  return { number, answers, chained: { salt, previous }, link }
}
