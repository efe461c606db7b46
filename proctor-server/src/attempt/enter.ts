import type { AttemptView } from '@vigie/contract/attempt/view'
import { personId, type BrowserProfile } from '@vigie/exam-engine/attempt/ids'
import { rehearsalTerms } from '@vigie/exam-engine/attempt/rehearsal'
import { freezeTerms, NO_ACCOMMODATION } from '@vigie/exam-engine/attempt/terms'
import { currentPolicy } from '../catalog/store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'
import type { Act, Intent } from './act.ts'
import { issueCredential } from './credentials.ts'
import { readFacts } from './facts.ts'
import { declaredAccommodation } from './store.ts'
import { attemptView } from './view.ts'

interface EnterDeps {
  readonly db: Database
  readonly clock: Clock
  readonly act: Act
}

export interface Entered {
  readonly credential: string
  readonly lease: number
  readonly view: AttemptView
}

/**
 * The candidate's page comes in, or takes the attempt over from another page [ROOM-05]: a new lease, and the attempt's
 * own credential. Terms are frozen the first time.
 */
export const createEnter =
  ({ db, clock, act }: EnterDeps) =>
  async (attempt: string, profile: BrowserProfile): Promise<Entered> => {
    let credential = ''
    const { state } = await act(
      attempt,
      async (tx, stored): Promise<Intent> => {
        const { booking, status } = stored.state
        const by = { role: 'candidate', id: personId.parse(booking.candidateId) } as const
        if (status !== 'scheduled') return { type: 'takeLease', by, profile }
        const policy = await currentPolicy(tx, booking.certificationId)
        const accommodation = (await declaredAccommodation(tx, attempt)) ?? NO_ACCOMMODATION
        const freeze = booking.rehearsal ? rehearsalTerms : freezeTerms
        return { type: 'enter', by, profile, terms: freeze(policy, accommodation) }
      },
      async (tx) => {
        credential = await issueCredential(tx, clock, attempt, profile)
      },
    )
    const facts = await readFacts(db, attempt)
    if (!facts) throw new Refused('attempt-unknown')
    return {
      credential,
      lease: 'presence' in state ? state.presence.lease : 0,
      view: attemptView(facts, clock.now()),
    }
  }

export type Enter = ReturnType<typeof createEnter>
