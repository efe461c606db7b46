import { PHOTO_LIMIT, type PhotoTaken, type Purpose } from '@vigie/contract/evidence/photo'
import {
  digest as digestKind,
  photoId as photoIdKind,
  type Digest,
  type PhotoId,
} from '@vigie/exam-engine/attempt/ids'
import type { PhotoKind } from '@vigie/exam-engine/catalog/policy'
import type { Role } from '@vigie/contract/accounts/roles'
import type { TakeoverReason } from '@vigie/exam-engine/supervision/reasons'
import { HOUR } from '@vigie/kernel/instant'
import type { Actor } from '../accounts/actor.ts'
import { audit } from '../platform/audit.ts'
import { uuidv7 } from '../platform/ids.ts'
import { open, seal, sha256 } from '../platform/keys.ts'
import { Refused } from '../platform/refused.ts'
import { store, type IntakeDeps } from './intake.ts'
import { admitEvidence } from './retention.ts'
import { deletePhoto, insertPhoto, photosSince, readPhoto } from './photoStore.ts'
import { folderOf } from './store.ts'

/** The command of the attempt that a stored photo becomes. `digest` is that of the ciphertext [EVD-04]. */
export interface RecordPhoto {
  readonly type: 'recordPhoto'
  readonly photo: PhotoKind
  readonly photoId: PhotoId
  readonly digest: Digest
}

export interface PhotoDeps extends IntakeDeps {
  /** Tells the attempt about the photo, under the lease of the page that took it; throws what the domain refuses. */
  readonly record: (attempt: string, lease: number, command: RecordPhoto) => Promise<unknown>
}

/** More than anybody takes who only wants a good one. */
const MOST_AN_HOUR = 60

/** What is authenticated with the bytes of a photo: a stored object cannot stand for another. */
export const photoContext = (attempt: string, photo: string): string => `photo:${attempt}:${photo}`

const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff

/**
 * Keeps a photo of the document or of the face [IDN-05], sealed, then tells the attempt. When the attempt does not want
 * it (too late, not asked, another page holds the lease) nothing of it stays; nor of a rehearsal, which is only told of
 * it [CHK-13.5].
 */
export async function takePhoto(
  deps: PhotoDeps,
  attempt: string,
  kind: PhotoKind,
  lease: number,
  bytes: Uint8Array,
): Promise<PhotoTaken> {
  const { db, clock, storage, keys } = deps
  if (bytes.length > PHOTO_LIMIT) throw new Refused('too-large')
  if (!isJpeg(bytes)) throw new Refused('photo-not-jpeg')
  const at = clock.now()
  const id = photoIdKind.parse(uuidv7(at))
  const { key, rehearsal } = await db.transaction().execute(async (tx) => {
    const terms = await admitEvidence(tx, attempt, at)
    if ((await photosSince(tx, attempt, at - HOUR)) >= MOST_AN_HOUR) throw new Refused('too-many')
    return { key: await keys.obtain(tx, attempt), rehearsal: terms.rehearsal }
  })
  const sealed = seal(key, bytes, photoContext(attempt, id))
  const digest = digestKind.parse(sha256(sealed))
  const taken = { type: 'recordPhoto', photo: kind, photoId: id, digest } as const
  if (rehearsal) {
    await deps.record(attempt, lease, taken)
    return { photo: id, at }
  }
  const storedAs = `${folderOf(attempt)}/photo-${id}`
  await store(storage, storedAs, sealed)
  try {
    await db.transaction().execute(async (tx) => {
      await admitEvidence(tx, attempt, at)
      await insertPhoto(tx, {
        id,
        attempt_id: attempt,
        kind,
        at,
        sha256: digest,
        bytes: bytes.length,
        stored_as: storedAs,
      })
    })
    await deps.record(attempt, lease, taken)
  } catch (error) {
    await deletePhoto(db, id)
    await storage.remove(storedAs)
    throw error
  }
  return { photo: id, at }
}

/** In which capacity somebody looks, by what they say they look for. */
const capacityOf = (purpose: Purpose): Role => {
  if (purpose === 'identity-check') return 'proctor'
  return purpose === 'takeover' ? 'lead' : 'reviewer'
}

/**
 * One photo in clear, for the assigned proctor, a reviewer, or a lead who took the candidate over and says why. Each view
 * is logged before it is shown [IDN-06].
 */
export async function viewPhoto(
  deps: Pick<IntakeDeps, 'db' | 'clock' | 'storage' | 'keys'>,
  actor: Actor,
  attempt: string,
  photo: string,
  purpose: Purpose,
  reason: TakeoverReason | null = null,
): Promise<Buffer> {
  const role = capacityOf(purpose)
  // A capacity is not chosen by naming a purpose: it is one the person has.
  if (actor.kind !== 'person' || !actor.roles.includes(role)) throw new Refused('not-allowed')
  if (purpose === 'takeover' && reason === null) throw new Refused('bad-input')
  const { db, clock, storage, keys } = deps
  const row = await readPhoto(db, attempt, photo)
  const key = row && (await keys.find(db, attempt))
  const sealed = row && key && (await storage.get(row.stored_as))
  if (!row || !key || !sealed) throw new Refused('not-found')
  await audit(db, clock, {
    actor,
    role,
    action: 'evidence.photo.viewed',
    attempt,
    purpose,
    detail: { photo, kind: row.kind, ...(reason === null ? {} : { reason }) },
  })
  return open(key, sealed, photoContext(attempt, photo))
}
