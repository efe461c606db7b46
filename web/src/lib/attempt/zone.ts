/** The zone appointments are written in (« heure de Paris »); the candidate's own hour stands beside it where it differs. */
export const EXAM_ZONE = 'Europe/Paris'
