import { waysInWords } from '../accounts/invitations.ts'
import type { Letter } from '../platform/mail.ts'

/** The zone in which appointments are written, in files, letters and pages. */
export const EXAM_ZONE = 'Europe/Paris'

const inWords = (at: number, language: 'fr' | 'en'): string => {
  const day = new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    timeZone: EXAM_ZONE,
    dateStyle: 'full',
  }).format(at)
  const hour = new Intl.DateTimeFormat('fr-FR', {
    timeZone: EXAM_ZONE,
    hour: '2-digit',
    minute: '2-digit',
  }).format(at)
  return language === 'fr' ? `${day} à ${hour} (heure de Paris)` : `${day} at ${hour} (Paris time)`
}

interface SeatLetter {
  readonly person: { readonly name: string; readonly email: string }
  readonly certification: { readonly name: string; readonly alternative: string }
  readonly session: string
  readonly appointmentAt: number
  readonly way: { readonly address: string; readonly first: boolean }
  readonly origin: string
}

/** What a candidate gets when they come on a roster [ADM-02]: when, how to come in, what to check before. */
export function invitationLetter(one: SeatLetter): Letter {
  const way = waysInWords(one.way)
  return {
    to: one.person.email,
    subject: `Votre examen : ${one.certification.name}`,
    text: [
      `Bonjour ${one.person.name},`,
      '',
      `Vous êtes inscrit à l’examen « ${one.certification.name} » (${one.session}).`,
      `Rendez-vous : ${inWords(one.appointmentAt, 'fr')}.`,
      '',
      ...way.fr,
      '',
      'Vérifiez dès aujourd’hui que votre ordinateur convient :',
      `${one.origin}/verification-materiel`,
      '',
      'L’examen est surveillé en direct par une personne. Autre façon de le passer :',
      one.certification.alternative,
      '',
      '—',
      '',
      `You are on the roster of the exam “${one.certification.name}” (${one.session}).`,
      `Appointment: ${inWords(one.appointmentAt, 'en')}.`,
      ...way.en,
      `Check your computer today: ${one.origin}/verification-materiel`,
    ].join('\n'),
  }
}

/** What a candidate gets when staff move the appointment (OC-09). */
export const movedLetter = (one: Omit<SeatLetter, 'way'>): Letter => ({
  to: one.person.email,
  subject: `Nouveau rendez-vous : ${one.certification.name}`,
  text: [
    `Bonjour ${one.person.name},`,
    '',
    `Votre rendez-vous pour l’examen « ${one.certification.name} » a changé.`,
    `Nouveau rendez-vous : ${inWords(one.appointmentAt, 'fr')}.`,
    `Vous le retrouvez sur ${one.origin}/passages`,
    '',
    '—',
    '',
    `Your appointment for “${one.certification.name}” has changed: ${inWords(one.appointmentAt, 'en')}.`,
  ].join('\n'),
})

/** What a candidate gets when staff take them off the roster. */
export const cancelledLetter = (one: Omit<SeatLetter, 'way' | 'appointmentAt'>): Letter => ({
  to: one.person.email,
  subject: `Rendez-vous annulé : ${one.certification.name}`,
  text: [
    `Bonjour ${one.person.name},`,
    '',
    `Votre rendez-vous pour l’examen « ${one.certification.name} » (${one.session}) a été annulé par le service gestionnaire.`,
    'Pour en savoir plus, répondez à la personne qui vous a inscrit.',
    '',
    '—',
    '',
    `Your appointment for “${one.certification.name}” (${one.session}) has been cancelled by the registrar.`,
  ].join('\n'),
})
