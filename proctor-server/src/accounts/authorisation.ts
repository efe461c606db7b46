import type { Action } from '@vigie/contract/accounts/actions'
import type { Role } from '@vigie/contract/accounts/roles'
import { assertNever } from '@vigie/kernel/assertNever'
import { Refused } from '../platform/refused.ts'
import type { Actor } from './actor.ts'

/** How the asker must stand to the attempt that is asked about. */
type Relation = 'any' | 'own-attempt' | 'assigned' | 'at-the-desk' | 'staffed' | 'leads' | 'not-proctored-by'

type Grant =
  | { readonly to: 'anyone' }
  | { readonly to: 'signed-in' }
  /** The browser that entered the attempt, by the attempt's credential; always for its own attempt only. */
  | { readonly to: 'attempt' }
  | { readonly to: Role; readonly when: Relation }

/**
 * Who may do what, in one table. What is not granted here is refused.
 * `assigned`: the proctor who has taken this attempt. `at-the-desk`: works on its session while nobody has taken it. `staffed`: works on the session this attempt belongs to. `leads`: works on it as its lead; somebody who leads elsewhere and
 * is a plain proctor here has a proctor's candidates only.
 */
export const AUTHORISATION: Readonly<Record<Action, readonly Grant[]>> = {
  'accounts.me': [{ to: 'signed-in' }],
  'accounts.people': [{ to: 'administrator', when: 'any' }],
  'catalog.read': [
    { to: 'registrar', when: 'any' },
    { to: 'administrator', when: 'any' },
  ],
  'catalog.write': [
    { to: 'registrar', when: 'any' },
    { to: 'administrator', when: 'any' },
  ],
  'catalog.session.board': [
    { to: 'lead', when: 'any' },
    { to: 'registrar', when: 'any' },
    { to: 'administrator', when: 'any' },
  ],
  'catalog.session.announce': [
    { to: 'lead', when: 'any' },
    { to: 'registrar', when: 'any' },
    { to: 'administrator', when: 'any' },
  ],
  'catalog.policy.read': [
    { to: 'registrar', when: 'any' },
    { to: 'administrator', when: 'any' },
  ],
  'catalog.policy.write': [
    { to: 'registrar', when: 'any' },
    { to: 'administrator', when: 'any' },
  ],
  'checks.measure': [{ to: 'anyone' }],
  'checks.report.file': [{ to: 'anyone' }],
  // Whose report it is, and who may see it, is the report's own affair (proctor-server/src/checks/readReport.ts).
  'checks.report.read': [{ to: 'anyone' }],
  'checks.report.find': [
    { to: 'proctor', when: 'any' },
    { to: 'lead', when: 'any' },
    { to: 'registrar', when: 'any' },
    { to: 'administrator', when: 'any' },
  ],
  'checks.report.claim': [{ to: 'signed-in' }],
  'checks.report.own': [{ to: 'signed-in' }],
  'checks.rehearsal.own': [{ to: 'candidate', when: 'any' }],
  'checks.rehearsal.begin': [{ to: 'candidate', when: 'own-attempt' }],
  'checks.rehearsal.end': [{ to: 'attempt' }, { to: 'candidate', when: 'own-attempt' }],
  'attempt.list-own': [{ to: 'candidate', when: 'any' }],
  // Before entry, by the sign-in; from then on by the exam's own page [CHK-11].
  'attempt.desk': [{ to: 'candidate', when: 'own-attempt' }],
  // With the credential too: an expired sign-in must not keep a reloaded page out of its own exam [IDN-09].
  'attempt.enter': [{ to: 'attempt' }, { to: 'candidate', when: 'own-attempt' }],
  'attempt.follow': [{ to: 'attempt' }, { to: 'candidate', when: 'own-attempt' }],
  'attempt.act': [{ to: 'attempt' }],
  'attempt.media': [{ to: 'attempt' }],
  'attempt.publish': [
    { to: 'registrar', when: 'any' },
    { to: 'administrator', when: 'any' },
  ],
  'supervision.follow': [
    { to: 'proctor', when: 'any' },
    { to: 'lead', when: 'any' },
  ],
  'supervision.take': [
    { to: 'proctor', when: 'staffed' },
    { to: 'lead', when: 'staffed' },
  ],
  'supervision.act': [
    { to: 'proctor', when: 'assigned' },
    { to: 'lead', when: 'assigned' },
    { to: 'lead', when: 'leads' },
  ],
  // Whoever waits, or whose proctor is gone, is answered by any proctor of the session [IDN-08].
  'supervision.desk': [
    { to: 'proctor', when: 'assigned' },
    { to: 'proctor', when: 'at-the-desk' },
    { to: 'lead', when: 'assigned' },
    { to: 'lead', when: 'at-the-desk' },
    { to: 'lead', when: 'leads' },
  ],
  'supervision.lead': [{ to: 'lead', when: 'leads' }],
  'supervision.media': [
    { to: 'proctor', when: 'assigned' },
    { to: 'lead', when: 'assigned' },
    { to: 'lead', when: 'leads' },
  ],
  'evidence.write': [{ to: 'attempt' }],
  'evidence.photo.write': [{ to: 'attempt' }],
  'evidence.photo.read': [
    { to: 'proctor', when: 'assigned' },
    // Who took a candidate over, and says why [IDN-06].
    { to: 'lead', when: 'assigned' },
    { to: 'reviewer', when: 'not-proctored-by' },
  ],
  'evidence.receipt.read': [
    { to: 'attempt' },
    { to: 'candidate', when: 'own-attempt' },
    { to: 'reviewer', when: 'not-proctored-by' },
  ],
  // Whoever was handed a receipt may ask whether the record still bears it out; its digest is the key.
  'evidence.receipt.verify': [{ to: 'anyone' }],
  'evidence.own': [{ to: 'candidate', when: 'any' }],
  'evidence.own.hold': [{ to: 'candidate', when: 'own-attempt' }],
  'evidence.certificate': [
    { to: 'candidate', when: 'own-attempt' },
    { to: 'registrar', when: 'any' },
    { to: 'administrator', when: 'any' },
  ],
  'evidence.custody': [
    { to: 'registrar', when: 'any' },
    { to: 'administrator', when: 'any' },
  ],
  // Whoever reviews may keep what they suspect; never somebody who proctored it.
  'evidence.hold': [
    { to: 'reviewer', when: 'not-proctored-by' },
    { to: 'registrar', when: 'any' },
    { to: 'administrator', when: 'any' },
  ],
  'evidence.heads': [{ to: 'anyone' }],
  'review.list': [{ to: 'reviewer', when: 'any' }],
  'review.read': [{ to: 'reviewer', when: 'not-proctored-by' }],
  'review.judge': [{ to: 'reviewer', when: 'not-proctored-by' }],
  'review.export': [{ to: 'reviewer', when: 'not-proctored-by' }],
  'review.own': [{ to: 'candidate', when: 'any' }],
  'review.reply': [{ to: 'candidate', when: 'own-attempt' }],
  'platform.mailbox': [{ to: 'anyone' }],
}

/** What must be known of an attempt to judge a relation to it. */
export interface AttemptRelations {
  readonly candidate: string
  readonly proctor: string | null
  /** Everybody staffed on the attempt's session as a proctor or a lead. */
  readonly staff: readonly string[]
  /** Those of them who are its leads. */
  readonly leads: readonly string[]
  /** Everybody who has ever been this attempt's proctor, or has ended it, refused it or brought it back. */
  readonly everProctors: readonly string[]
  /** [CHK-13.3] Nobody's but its candidate's: there is nothing to review. */
  readonly rehearsal: boolean
}

export interface RelationReader {
  relationsOf(attempt: string): Promise<AttemptRelations | null>
}

function stands(relation: Relation, person: string, facts: AttemptRelations | null): boolean {
  if (relation === 'any') return true
  if (!facts) return false
  switch (relation) {
    case 'own-attempt':
      return facts.candidate === person
    case 'assigned':
      return facts.proctor === person
    case 'at-the-desk':
      return facts.proctor === null && facts.staff.includes(person)
    case 'staffed':
      return facts.staff.includes(person)
    case 'leads':
      return facts.leads.includes(person)
    case 'not-proctored-by':
      return !facts.rehearsal && !facts.everProctors.includes(person) && facts.candidate !== person
    default:
      return assertNever(relation)
  }
}

/**
 * Lets the action pass or throws `not-signed-in` or `not-allowed`. An attempt that does not exist is `not-allowed`
 * for a stranger: nobody learns from a refusal which attempts there are.
 */
export async function authorise(
  actor: Actor,
  action: Action,
  attempt: string | null,
  relations: RelationReader,
): Promise<void> {
  const grants = AUTHORISATION[action]
  let facts: AttemptRelations | null | undefined
  for (const grant of grants) {
    if (grant.to === 'anyone') return
    if (grant.to === 'signed-in') {
      if (actor.kind === 'person') return
    } else if (grant.to === 'attempt') {
      if (actor.kind === 'attempt' && attempt !== null && actor.attempt === attempt) return
    } else if (actor.kind === 'person' && actor.roles.includes(grant.to)) {
      if (grant.when !== 'any' && facts === undefined)
        facts = attempt ? await relations.relationsOf(attempt) : null
      if (stands(grant.when, actor.id, facts ?? null)) return
    }
  }
  throw new Refused(actor.kind === 'anonymous' ? 'not-signed-in' : 'not-allowed')
}
