import type { FollowUp } from '@vigie/exam-engine/review/result'
import type { Letter } from '../platform/mail.ts'

/** Whom a letter about an attempt goes to, and about what. */
interface Addressed {
  readonly name: string
  readonly email: string
  readonly certification: string
}

/** The exam is over and sealed [ATT-06]: what it promises is what the closing promises [ATT-09.3]. */
export const endedLetter = ({ name, email, certification }: Addressed, follows: FollowUp): Letter => ({
  to: email,
  subject: `${certification} : votre examen est terminé · your exam is over`,
  text: [
    `Bonjour ${name},`,
    '',
    `Votre examen « ${certification} » est terminé et vos réponses sont enregistrées.`,
    follows === 'result'
      ? 'Le résultat paraîtra sur votre tableau de bord dès que la certification le publiera.'
      : 'Ce qui s’est passé et la suite se lisent sur la page de ce passage. Aucun résultat ne paraît avant la décision d’un relecteur.',
    '',
    'Si l’envoi de l’enregistrement n’était pas fini, rouvrez la page de l’examen sur le même ordinateur : il reprendra.',
    '',
    '—',
    '',
    `Your exam “${certification}” is over and your answers are saved.`,
    follows === 'result'
      ? 'The result will be on your dashboard as soon as the certification publishes it.'
      : 'What happened and what comes next stand on the page of this attempt. No result appears before a reviewer has decided.',
    'If the recording was not sent whole, open the exam page again on the same computer: it goes on.',
  ].join('\n'),
})

/** The session ended, or was broken off, before the exam was started: there is nothing to mark. */
export const neverStartedLetter = ({ name, email, certification }: Addressed): Letter => ({
  to: email,
  subject: `${certification} : votre examen n’a pas commencé · your exam did not start`,
  text: [
    `Bonjour ${name},`,
    '',
    `Votre examen « ${certification} » n’a pas pu commencer avant la fin de la session. Votre essai n’a pas été noté.`,
    'Le dossier est transmis au personnel de la certification, qui décide de la suite et vous écrit.',
    '',
    '—',
    '',
    `Your exam “${certification}” could not start before the session ended. Your attempt was not marked.`,
    'The staff of the certification look at it, decide what comes next and write to you.',
  ].join('\n'),
})

/** The result is there to be read [ATT-09]. */
export const publishedLetter = ({ name, email, certification }: Addressed): Letter => ({
  to: email,
  subject: `${certification} : votre résultat est publié · your result is published`,
  text: [
    `Bonjour ${name},`,
    '',
    `Le résultat de votre examen « ${certification} » est publié : il vous attend sur votre tableau de bord.`,
    '',
    '—',
    '',
    `The result of your exam “${certification}” is published: you find it on your dashboard.`,
  ].join('\n'),
})

/** A published result changed, because a question no longer counts or counts again [ADM-04]. */
export const changedLetter = ({ name, email, certification }: Addressed): Letter => ({
  to: email,
  subject: `${certification} : votre résultat a été recalculé · your result was computed again`,
  text: [
    `Bonjour ${name},`,
    '',
    'Une question de votre examen a été réexaminée. La décision vaut pour tous, et votre résultat a été recalculé.',
    'Vous le retrouvez sur votre tableau de bord.',
    '',
    '—',
    '',
    'A question of your exam was looked at again. The decision holds for everybody, and your result was computed again.',
    'You find it on your dashboard.',
  ].join('\n'),
})

/** A reviewer admitted answers that came after the end, and the score was computed anew [ATT-06]. */
export const admittedLetter = ({ name, email, certification }: Addressed): Letter => ({
  to: email,
  subject: `${certification} : vos réponses tardives sont admises · your late answers are admitted`,
  text: [
    `Bonjour ${name},`,
    '',
    `Des réponses de votre examen « ${certification} » étaient arrivées après la fin et n’étaient pas comptées.`,
    'Un relecteur les a admises : elles comptent, et votre copie a été notée de nouveau.',
    '',
    '—',
    '',
    `Answers of your exam “${certification}” had arrived after the end and were not counted.`,
    'A reviewer has admitted them: they count, and your exam was marked anew.',
  ].join('\n'),
})
