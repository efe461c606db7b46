import { voids } from '@vigie/exam-engine/review/outcomes'
import type { ReviewEvent, ReviewState } from '@vigie/exam-engine/review/state'
import type { Instant } from '@vigie/kernel/instant'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import type { JobQueue } from '../platform/jobs.ts'
import { postLetter } from '../platform/mail.ts'

interface LetterDeps {
  readonly clock: Clock
  readonly jobs: JobQueue
  readonly publicOrigin: string
}

const dateOf = (at: Instant): string =>
  new Intl.DateTimeFormat('fr-FR', {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: 'Europe/Paris',
  }).format(at)

/** What a letter says; null where the candidate has nothing to learn yet. No fact stands in a letter: the page has them. */
function wordsFor(
  state: ReviewState,
  events: readonly ReviewEvent[],
): { subject: string; lines: string[] } | null {
  const happened = (type: ReviewEvent['type']) => events.some((event) => event.type === type)
  if (state.status === 'answering' && happened('candidate-told')) {
    return {
      subject: 'votre réponse est attendue',
      lines: [
        'Votre passage a été relu. Avant toute décision, vous pouvez lire les faits relevés et y répondre.',
        `Vous avez jusqu’au ${dateOf(state.replyUntil)} (heure de Paris). Rien ne sera définitif avant votre réponse ou cette date.`,
      ],
    }
  }
  if (state.status === 'final' && happened('concluded') && state.proposal.outcome !== 'valid') {
    const again =
      state.remedy?.kind === 'second-attempt'
        ? `Un second rendez-vous vous est proposé le ${dateOf(state.remedy.appointmentAt)} (heure de Paris). Il figure parmi vos passages.`
        : 'Aucun créneau ne restant, le remboursement de votre inscription est demandé.'
    return {
      subject: 'la décision sur votre passage',
      lines: [
        'La relecture de votre passage est terminée. Vous pouvez lire la décision et ses motifs.',
        ...(voids(state.proposal.outcome) ? [again] : []),
      ],
    }
  }
  if (state.status === 'open' && happened('dropped')) {
    return {
      subject: 'la relecture de votre passage',
      lines: ['Après votre réponse, les faits relevés sur votre passage ne sont pas retenus.'],
    }
  }
  return null
}

/** Writes to the candidate about what concerns them, in the transaction of the step itself [REV-04]. */
export async function writeToCandidate(
  tx: Tx,
  { clock, jobs, publicOrigin }: LetterDeps,
  attempt: string,
  state: ReviewState,
  events: readonly ReviewEvent[],
): Promise<void> {
  const words = wordsFor(state, events)
  if (!words) return
  const { name, email, certification } = await tx
    .selectFrom('attempt')
    .innerJoin('person', 'person.id', 'attempt.candidate_id')
    .innerJoin('exam_session', 'exam_session.id', 'attempt.session_id')
    .innerJoin('certification', 'certification.id', 'exam_session.certification_id')
    .select(['person.name', 'email', 'certification.name as certification'])
    .where('attempt.id', '=', attempt)
    .executeTakeFirstOrThrow()
  await postLetter(jobs, tx, uuidv7(clock.now()), {
    to: email,
    subject: `${certification} : ${words.subject}`,
    text: [
      `Bonjour ${name},`,
      '',
      ...words.lines,
      '',
      `Votre page : ${publicOrigin}/passages/${attempt}/relecture`,
    ].join('\n'),
  })
}
