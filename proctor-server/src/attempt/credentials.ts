import { MINUTE } from '@vigie/kernel/instant'
import type { CredentialHolder, CredentialReader } from '../accounts/identify.ts'
import type { RelationReader } from '../accounts/authorisation.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Reader } from '../platform/database.ts'
import { randomToken, sha256 } from '../platform/keys.ts'
import { SUPERVISING_EVENTS, SUPERVISOR_OF_EVENT } from './supervisors.ts'

/** Makes a credential of the attempt for one browser profile; only its hash is kept [IDN-09]. */
export async function issueCredential(
  tx: Reader,
  clock: Clock,
  attempt: string,
  profile: string,
): Promise<string> {
  const token = randomToken()
  await tx
    .insertInto('attempt_credential')
    .values({ token_hash: sha256(token), attempt_id: attempt, profile, created_at: clock.now() })
    .execute()
  return token
}

/** Whose a credential is never changes; with the attempt's rows it goes, and a minute later it is forgotten here too. */
const REMEMBERED = MINUTE
const MOST_REMEMBERED = 20_000

/**
 * Reads who holds a credential. Every second of an exam brings hundreds of requests with the same ones: who has just been
 * read is not read again [EVD-07].
 */
export function credentialReader(db: Database, clock: Pick<Clock, 'elapsed'>): CredentialReader {
  const remembered = new Map<string, { readonly holder: CredentialHolder; readonly until: number }>()

  return {
    async holderOf(credential) {
      const token = sha256(credential)
      const known = remembered.get(token)
      if (known && known.until > clock.elapsed()) return known.holder
      const holder = await db
        .selectFrom('attempt_credential')
        .innerJoin('attempt', 'attempt.id', 'attempt_credential.attempt_id')
        .select(['attempt.id as attempt', 'attempt.candidate_id as candidate'])
        .where('token_hash', '=', token)
        .executeTakeFirst()
      if (!holder) return null
      if (remembered.size >= MOST_REMEMBERED) remembered.clear()
      remembered.set(token, { holder, until: clock.elapsed() + REMEMBERED })
      return holder
    },
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Who stands how to an attempt, for the authorisation table. What is no attempt has no relations. */
export const relationReader = (db: Database): RelationReader => ({
  async relationsOf(attempt) {
    if (!UUID.test(attempt)) return null
    const row = await db
      .selectFrom('attempt')
      .select(['candidate_id', 'proctor_id', 'session_id', 'rehearsal'])
      .where('id', '=', attempt)
      .executeTakeFirst()
    if (!row) return null
    const staff = await db
      .selectFrom('session_staff')
      .select(['person_id', 'role'])
      .where('session_id', '=', row.session_id)
      .where('role', 'in', ['proctor', 'lead'])
      .execute()
    const ever = await db
      .selectFrom('attempt_event')
      .select(SUPERVISOR_OF_EVENT.as('supervisor'))
      .where('attempt_id', '=', attempt)
      .where('type', 'in', SUPERVISING_EVENTS)
      .execute()
    return {
      candidate: row.candidate_id,
      proctor: row.proctor_id,
      staff: staff.map((member) => member.person_id),
      leads: staff.filter(({ role }) => role === 'lead').map((member) => member.person_id),
      everProctors: ever.flatMap(({ supervisor }) => supervisor ?? []),
      rehearsal: row.rehearsal,
    }
  },
})
