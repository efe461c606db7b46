import { canonicalJson } from '@vigie/exam-engine/evidence/canonicalJson'
import {
  inclusionProof,
  merkleRoot,
  type ChainHead,
  type DailyHead,
  type ProofStep,
} from '@vigie/exam-engine/evidence/merkle'
import type { Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Database, Reader } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import type { JobQueue } from '../platform/jobs.ts'
import { sha256 } from '../platform/keys.ts'
import { postLetter } from '../platform/mail.ts'
import type { Signing } from '../platform/signing.ts'

export interface DailyHeadDeps {
  readonly db: Database
  readonly clock: Clock
  readonly jobs: JobQueue
  readonly signing: Pick<Signing, 'sign'>
  readonly publicOrigin: string
  /** Who keeps the heads outside this installation; without any, its administrators. */
  readonly recipients: readonly string[]
}

/** A day's head with its signature, as it is published. */
export interface SignedHead extends DailyHead {
  readonly jws: string
}

const dayOf = (at: Instant): string => Temporal.Instant.fromEpochMilliseconds(at).toString().slice(0, 10)

/** Every attempt's head as it entered the tree of that day, or the last one before. */
async function headsUpTo(db: Reader, day: string): Promise<ChainHead[]> {
  const rows = await db
    .selectFrom('daily_head_leaf')
    .select(['attempt_id', 'length', 'head'])
    .distinctOn('attempt_id')
    .where('day', '<=', day)
    .orderBy('attempt_id')
    .orderBy('day', 'desc')
    .execute()
  return rows.map(({ attempt_id, length, head }) => ({ attempt: attempt_id, length, head }))
}

/** Chains that grew since they last entered a tree enter today's; a rehearsal's will be gone tomorrow. */
const enterLeaves = (tx: Reader, day: string) =>
  sql`
    insert into daily_head_leaf (attempt_id, day, length, head)
    select id, ${day}, version, head from attempt
    where not rehearsal and version > 0 and version is distinct from (
      select length from daily_head_leaf leaf where leaf.attempt_id = attempt.id order by leaf.day desc limit 1
    )`.execute(tx)

async function readers(tx: Reader, recipients: readonly string[]): Promise<string[]> {
  if (recipients.length > 0) return [...recipients]
  const rows = await tx
    .selectFrom('person')
    .innerJoin('person_role', 'person_role.person_id', 'person.id')
    .select('email')
    .where('role', '=', 'administrator')
    .orderBy('email')
    .execute()
  return rows.map((row) => row.email)
}

const letterText = (head: SignedHead, origin: string): string => `Empreinte du jour de Vigie, ${head.day}

Chaînes : ${head.leaves}
Racine  : ${head.root}
Signature (JWS, clés publiées sur ${origin}/.well-known/jwks.json) :

${head.jws}

Gardez ce message : il prouve, même contre nous, que les journaux d’examen étaient alors ce qu’ils sont.
Keep this message: it proves, even against us, that the exam records then were what they are now.
${origin}/api/heads/${head.day}
`

/**
 * Once a day, the Merkle head over the chains of all attempts: signed, kept for everybody to read, and mailed out by the
 * same transaction [EVD-05]. Null when today's is there already; several processes may ask at once.
 */
export async function makeDailyHead(deps: DailyHeadDeps): Promise<SignedHead | null> {
  const { db, clock, jobs, signing, publicOrigin } = deps
  const at = clock.now()
  const day = dayOf(at)
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('vigie daily head'))`.execute(tx)
    const last = await tx
      .selectFrom('daily_head')
      .select(['day', 'root'])
      .orderBy('day', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (last && last.day >= day) return null
    await enterLeaves(tx, day)
    const heads = await headsUpTo(tx, day)
    const head: DailyHead = {
      day,
      at,
      leaves: heads.length,
      root: merkleRoot(sha256, heads),
      previous: last?.root ?? null,
    }
    const signed = { ...head, jws: await signing.sign('vigie-chain-heads', canonicalJson(head)) }
    await tx.insertInto('daily_head').values(signed).execute()
    for (const to of await readers(tx, deps.recipients)) {
      await postLetter(jobs, tx, uuidv7(at), {
        to,
        subject: `Vigie : empreinte du ${day}`,
        text: letterText(signed, publicOrigin),
      })
    }
    return signed
  })
}

/** The last heads, newest first. */
export const recentHeads = (db: Reader, limit: number): Promise<SignedHead[]> =>
  db.selectFrom('daily_head').selectAll().orderBy('day', 'desc').limit(limit).execute()

export async function headOf(db: Reader, day: string): Promise<SignedHead | null> {
  const row = await db.selectFrom('daily_head').selectAll().where('day', '=', day).executeTakeFirst()
  return row ?? null
}

/** What shows that an attempt's chain is under the root of a day; null when it is not. */
export async function proofOf(
  db: Reader,
  day: string,
  attempt: string,
): Promise<{ readonly head: SignedHead; readonly leaf: ChainHead; readonly steps: ProofStep[] } | null> {
  const head = await headOf(db, day)
  if (!head) return null
  const heads = await headsUpTo(db, day)
  const leaf = heads.find((one) => one.attempt === attempt)
  const steps = leaf && inclusionProof(sha256, heads, attempt)
  return leaf && steps ? { head, leaf, steps } : null
}
