import { canonicalJson } from '@vigie/exam-engine/evidence/canonicalJson'
import type { Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import type { Reader } from '../platform/database.ts'
import { sha256 } from '../platform/keys.ts'

/** What was there to be destroyed, counted from the rows before they are reduced. Opaque ids and digests only. */
async function inventory(tx: Reader, attempt: string) {
  const segments = await tx
    .selectFrom('segment')
    .select(['track', 'sealed_digest', 'bytes'])
    .where('attempt_id', '=', attempt)
    .where('received_at', 'is not', null)
    .orderBy('track')
    .orderBy('rendition')
    .orderBy('number')
    .execute()
  const photos = await tx
    .selectFrom('photo')
    .select(['kind', 'sha256'])
    .where('attempt_id', '=', attempt)
    .orderBy('id')
    .execute()
  const count = (table: 'chat_line' | 'remark' | 'attempt_text') =>
    tx
      .selectFrom(table)
      .select(sql<number>`count(*)::int`.as('count'))
      .where('attempt_id', '=', attempt)
      .executeTakeFirstOrThrow()
  const recordings = (['camera', 'screen'] as const).map((track) => {
    const own = segments.filter((segment) => segment.track === track)
    return {
      track,
      segments: own.length,
      bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
      // One digest for all: of the digests of the sealed pieces, a line each, in order. The receipt names the pieces.
      sealedDigests: sha256(own.map((segment) => `${segment.sealed_digest}\n`).join('')),
    }
  })
  return {
    recordings,
    photos: photos.map(({ kind, sha256: digest }) => ({ kind, sealedDigest: digest })),
    chatLines: (await count('chat_line')).count,
    remarks: (await count('remark')).count,
    texts: (await count('attempt_text')).count,
  }
}

/**
 * The text of the certificate of destruction: what, when, how [RET-03]. Written before the rows are reduced, in the
 * transaction that completes the destruction. `epoch`: the week whose key had wrapped the attempt's; null when no key
 * was ever made.
 */
export async function certificateText(
  tx: Reader,
  attempt: string,
  facts: {
    readonly endedAt: Instant
    readonly reason: 'ended' | 'last-activity'
    readonly term: Instant
    readonly tombstoneAt: Instant
    readonly destroyedAt: Instant
    readonly epoch: string | null
    readonly epochKeyDestroyedBy: Instant | null
    readonly store: 'files' | 's3'
  },
): Promise<string> {
  const { version, head } = await tx
    .selectFrom('attempt')
    .select(['version', 'head'])
    .where('id', '=', attempt)
    .executeTakeFirstOrThrow()
  return canonicalJson({
    format: 'vigie-destruction/1',
    attempt,
    term: { from: facts.endedAt, because: facts.reason, at: facts.term },
    begunAt: facts.tombstoneAt,
    completedAt: facts.destroyedAt,
    destroyed: await inventory(tx, attempt),
    how: {
      key: 'The wrapped AES-256-GCM key of this attempt was deleted from the database.',
      epoch: facts.epoch,
      epochKeyDestroyedBy: facts.epochKeyDestroyedBy,
      files:
        'Every object below the name of this attempt was removed; the store was read again and listed none.',
      store: facts.store,
      rows: 'Photos, chat, remarks and texts with their salts were deleted; of the segments remain digests, sizes and times.',
    },
    // What stays: the chain of the attempt, which the receipt and the daily heads attest.
    chain: { length: version, head },
  })
}

/** The signed certificate as it was issued; null while nothing has been destroyed. */
export async function certificateOf(db: Reader, attempt: string): Promise<string | null> {
  const row = await db
    .selectFrom('destruction_certificate')
    .select('jws')
    .where('attempt_id', '=', attempt)
    .executeTakeFirst()
  return row?.jws ?? null
}
