import type { RehearsalLanguage } from '@vigie/contract/checks/rehearsal'
import type { ScriptLine } from '@vigie/exam-engine/supervision/scriptedProctor'

/** The name of a rehearsal's own session, as its page shows it. */
export const SESSION_NAME: Readonly<Record<RehearsalLanguage, string>> = {
  fr: 'Répétition générale',
  en: 'Rehearsal',
}

/** What the scripted proctor writes [CHK-13.2]. It never passes for a person. */
export const LINES: Readonly<Record<RehearsalLanguage, Readonly<Record<ScriptLine, string>>>> = {
  fr: {
    greet:
      'Bonjour, je suis un surveillant simulé : un programme, personne ne vous regarde. Le jour de l’examen, votre surveillant se présentera ici.',
    show: 'Le surveillant peut vous demander de montrer quelque chose. Suivez les indications à l’écran : les bords de l’écran et le clavier, avec un miroir ou un CD.',
    thanks: 'Merci. Le jour de l’examen, le surveillant coche maintenant sa liste de vérifications.',
    unlocked: 'Le mot de passe est saisi. Vous pouvez cliquer sur « Commencer l’examen ».',
    heard: 'Message bien reçu : c’est ici que votre surveillant vous répondra.',
    called: 'Votre appel est arrivé. Le jour de l’examen, votre surveillant vous répond aussitôt.',
    resumed:
      'Tout est de nouveau partagé : nous reprenons. Le temps de cette pause se voit dans le décompte.',
  },
  en: {
    greet:
      'Hello, I am a scripted proctor: a program, nobody is watching you. On exam day your proctor will introduce themself here.',
    show: 'The proctor may ask you to show something. Follow what the screen says: the edges of your screen and the keyboard, with a mirror or a CD.',
    thanks: 'Thank you. On exam day the proctor now ticks their list of checks.',
    unlocked: 'The password has been entered. You may click “Begin the exam”.',
    heard: 'Message received: this is where your proctor will answer you.',
    called: 'Your call has arrived. On exam day your proctor answers at once.',
    resumed: 'Everything is shared again: we go on. The time of this pause shows in the ledger.',
  },
}
