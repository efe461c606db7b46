import type { AttemptView } from '@vigie/contract/attempt/view'
import { attemptId, certificationId } from '@vigie/exam-engine/attempt/ids'
import { NO_ACCOMMODATION } from '@vigie/exam-engine/attempt/terms'

const photo = (rule: 'skippable' | 'off') => ({ rule, outcome: null, photo: null })

/** A view as the server makes it just after entry; tests say what differs. */
export function testView(differing: Partial<AttemptView> = {}): AttemptView {
  return {
    attempt: attemptId.parse('01900000-0000-7000-8000-000000000001'),
    version: 1,
    now: 1_000,
    status: 'preparing',
    lease: 1,
    candidate: { name: 'Camille Martin' },
    certification: {
      id: certificationId.parse('01900000-0000-7000-8000-00000000000c'),
      name: 'Certificat',
      holder: 'Institut',
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
    entry: {
      information: null,
      equipment: null,
      nameExact: null,
      photos: { document: photo('skippable'), 'second-document': photo('off'), face: photo('skippable') },
    },
    queue: null,
    proctor: null,
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
    ...differing,
  }
}
