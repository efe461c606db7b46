import { voids } from '@vigie/exam-engine/review/outcomes'
import type { ReviewEvent, ReviewState } from '@vigie/exam-engine/review/state'
import type { Instant } from '@vigie/kernel/instant'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import type { JobQueue } from '../platform/jobs.ts'
import { postLetter } from '../platform/mail.ts'

export interface LetterDeps {
  readonly clock: Clock
  readonly jobs: JobQueue
  readonly publicOrigin: string
}

const dateOf = (at: Instant, language: 'fr-FR' | 'en-GB'): string =>
  new Intl.DateTimeFormat(language, {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: 'Europe/Paris',
  }).format(at)

/** A letter in both languages, as others are: French first. */
interface Words {
  readonly subject: string
  readonly lines: readonly string[]
  readonly english: readonly string[]
}

function decided(state: Extract<ReviewState, { status: 'final' }>): Words {
  const second = state.remedy?.kind === 'second-attempt' ? state.remedy.appointmentAt : null
  const again = voids(state.proposal.outcome)
  return {
    subject: 'la décision sur votre passage · the decision on your attempt',
    lines: [
      'La relecture de votre passage est terminée. Vous pouvez lire la décision et ses motifs.',
      ...(again && second !== null
        ? [
            `Un second rendez-vous vous est proposé le ${dateOf(second, 'fr-FR')} (heure de Paris). Il figure parmi vos passages.`,
          ]
        : []),
      ...(again && second === null
        ? ['Aucun créneau ne restant, le remboursement de votre inscription est demandé.']
        : []),
      // Whatever was decided: a letter does not say what.
      ...(again
        ? []
        : [
            'Si vous la contestez, demandez sur « Mes données » que l’enregistrement soit conservé : sinon il est détruit à son terme.',
          ]),
    ],
    english: [
      'The review of your attempt is over. You can read the decision and its grounds.',
      ...(again && second !== null
        ? [
            `You are offered a second appointment on ${dateOf(second, 'en-GB')} (Paris time). You find it among your attempts.`,
          ]
        : []),
      ...(again && second === null
        ? ['As no slot remains, the refund of your registration is asked for.']
        : []),
      ...(again
        ? []
        : [
            'If you contest it, ask on “My data” that the recording be kept: otherwise it is destroyed at its term.',
          ]),
    ],
  }
}

/** One step of a review, as letters must know it. */
interface Told {
  readonly before: ReviewState
  readonly after: ReviewState
  readonly events: readonly ReviewEvent[]
  /** Somebody awaits a decision, be it that nothing is found: they were told of facts, or their exam was broken off. */
  readonly awaited: boolean
}

/** What a letter says of a step [REV-04]; null where the candidate has nothing to learn yet. No fact stands in a letter: the page has them. */
export function stepWords({ before, after: state, events, awaited }: Told): Words | null {
  const happened = (type: ReviewEvent['type']) => events.some((event) => event.type === type)
  if (state.status === 'answering' && happened('candidate-told')) {
    return {
      subject: 'votre réponse est attendue · your answer is awaited',
      lines: [
        'Votre passage a été relu. Avant toute décision, vous pouvez lire les faits relevés et y répondre.',
        `Vous avez jusqu’au ${dateOf(state.replyUntil, 'fr-FR')} (heure de Paris). Rien ne sera définitif avant votre réponse ou cette date.`,
      ],
      english: [
        'Your attempt was reviewed. Before anything is decided you can read the facts noted and answer them.',
        `You have until ${dateOf(state.replyUntil, 'en-GB')} (Paris time). Nothing is final before your answer or that date.`,
      ],
    }
  }
  if (state.status === 'final' && happened('concluded') && (awaited || state.proposal.outcome !== 'valid'))
    return decided(state)
  if (before.status === 'final' && happened('reopened') && before.proposal.outcome !== 'valid') {
    return {
      subject:
        'la décision sur votre passage est réexaminée · the decision on your attempt is looked at again',
      lines: [
        'La décision prise sur votre passage est réexaminée. Elle ne vaut plus ; vous saurez la nouvelle.',
      ],
      english: [
        'The decision on your attempt is looked at again. It no longer stands; you will be told the new one.',
      ],
    }
  }
  if (state.status === 'open' && happened('dropped')) {
    return {
      subject: 'la relecture de votre passage · the review of your attempt',
      lines: ['Après votre réponse, les faits relevés sur votre passage ne sont pas retenus.'],
      english: ['After your answer, the facts noted about your attempt are not held against you.'],
    }
  }
  return null
}

/** Whose attempt it is, and of which certification. */
const aboutAttempt = (tx: Tx, attempt: string) =>
  tx
    .selectFrom('attempt')
    .innerJoin('person', 'person.id', 'attempt.candidate_id')
    .innerJoin('exam_session', 'exam_session.id', 'attempt.session_id')
    .innerJoin('certification', 'certification.id', 'exam_session.certification_id')
    .select(['person.name', 'email', 'certification.name as certification', 'exam_session.name as session'])
    .where('attempt.id', '=', attempt)
    .executeTakeFirstOrThrow()

/** Writes to the candidate about what concerns them, in the transaction of what is told. `place`: the page that has more. */
export async function writeToCandidate(
  tx: Tx,
  { clock, jobs, publicOrigin }: LetterDeps,
  attempt: string,
  words: Words,
  place: string,
): Promise<void> {
  const { name, email, certification } = await aboutAttempt(tx, attempt)
  await postLetter(jobs, tx, uuidv7(clock.now()), {
    to: email,
    subject: `${certification} : ${words.subject}`,
    text: [
      `Bonjour ${name},`,
      '',
      ...words.lines,
      '',
      '—',
      '',
      ...words.english,
      '',
      publicOrigin + place,
    ].join('\n'),
  })
}

/** Something that whoever sees to registrations has to do, and the page where it is done. */
export interface Errand {
  readonly subject: string
  readonly french: string
  readonly english: string
  readonly place: string
}
type About = Awaited<ReturnType<typeof aboutAttempt>>

/** No slot remains (FUN-54). */
export const refundErrand = ({ name, email, session }: About): Errand => ({
  subject: 'un remboursement est à faire · a refund is to be made',
  french: `Le passage de ${name} (${email}), session « ${session} », est annulé pour une raison technique et aucun créneau ne reste : l’inscription est à rembourser.`,
  english: `The attempt of ${name} (${email}), session “${session}”, is void for a technical reason and no slot remains: the registration is to be refunded.`,
  place: '',
})

/** Writes to all registrars about one attempt, in the transaction of what calls for them. */
export async function writeToRegistrars(
  tx: Tx,
  { clock, jobs, publicOrigin }: LetterDeps,
  attempt: string,
  errandOf: (about: About) => Errand,
): Promise<void> {
  const about = await aboutAttempt(tx, attempt)
  const { subject, french, english, place } = errandOf(about)
  const registrars = await tx
    .selectFrom('person_role')
    .innerJoin('person', 'person.id', 'person_role.person_id')
    .select(['person.name', 'person.email'])
    .where('role', '=', 'registrar')
    .execute()
  for (const registrar of registrars) {
    await postLetter(jobs, tx, uuidv7(clock.now()), {
      to: registrar.email,
      subject: `${about.certification} : ${subject}`,
      text: [`Bonjour ${registrar.name},`, '', french, '', '—', '', english, '', publicOrigin + place].join(
        '\n',
      ),
    })
  }
}
