import type { CaseView } from '@vigie/contract/supervision/view'
import { attemptId, certificationId } from '@vigie/exam-engine/attempt/ids'
import { NO_ACCOMMODATION } from '@vigie/exam-engine/attempt/terms'

/** The id of the n-th attempt of a test. */
export const idOf = (n: number) => attemptId.parse(`00000000-0000-7000-8000-${String(n).padStart(12, '0')}`)

type Changes = Partial<Omit<CaseView, 'view'>> & { view?: Partial<CaseView['view']> }

/** A calm, connected, running case of proctor « me », for tests; `changes` say what differs. */
export function caseOf(n: number, changes: Changes = {}): CaseView {
  const { view, ...beside } = changes
  return {
    proctorId: 'me',
    connected: true,
    connectedSince: 1_000,
    since: 1_000,
    escalatedAt: null,
    maximumCaseload: 30,
    checklist: null,
    accommodation: null,
    proposals: [],
    handover: null,
    unread: 0,
    wroteAt: null,
    flags: 0,
    live: {
      silentSince: null,
      secondJoinerAt: null,
      signal: null,
      stills: { camera: null, screen: null },
    },
    actions: { proctor: [], lead: [] },
    session: '00000000-0000-7000-8000-00000000aaaa',
    ...beside,
    view: {
      attempt: idOf(n),
      version: 1,
      now: 10_000,
      status: 'running',
      lease: 1,
      candidate: { name: `Candidate ${n}` },
      certification: {
        id: certificationId.parse('01900000-0000-7000-8000-00000000000c'),
        name: 'Certification',
        holder: 'Holder',
        helpline: [],
        legalBasis: '',
        alternative: '',
      },
      session: { name: 'Session' },
      window: { appointmentAt: 0, opensAt: 0, closesAt: 0, sessionEndsAt: 0 },
      durationSeconds: 1_800,
      accommodation: NO_ACCOMMODATION,
      recorded: true,
      rehearsal: false,
      entry: null,
      queue: null,
      proctor: 'Me',
      lostMedia: [],
      readmission: null,
      requests: [],
      notices: [],
      live: { step: 'live', stepSince: null, signals: [], unpublished: [] },
      sitting: null,
      hold: null,
      closing: null,
      sealing: null,
      sealedAt: null,
      result: null,
      ...view,
    },
  }
}

/** What « Terminer l'examen » leaves in a view. */
export const sittingOf = (changes: Partial<NonNullable<CaseView['view']['sitting']>> = {}) => ({
  startedAt: 1_000,
  deadline: 1_801_000,
  seed: 'seed-seed',
  draft: { number: 0, savedAt: null, answeredCount: 0, announced: 0 },
  closedParts: [],
  ledger: [],
  coveredUntil: null,
  endRequest: null,
  endObjected: false,
  holdRequested: false,
  ...changes,
})
