import { segmentContext, type IntakeDeps } from './intake.ts'
import type { Purpose } from '@vigie/contract/evidence/photo'
import type { SegmentName } from '@vigie/contract/evidence/segment'
import type { EvidenceTrack } from '@vigie/exam-engine/evidence/segments'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import { endedAt } from '@vigie/exam-engine/evidence/retention'
import type { Actor } from '../accounts/actor.ts'
import { open } from '../platform/keys.ts'
import { Refused } from '../platform/refused.ts'
import { buildPlaylist } from './playlist.ts'
import { readSegment, segmentsOf } from './store.ts'
import { logView } from './views.ts'

type PlaybackDeps = Pick<IntakeDeps, 'db' | 'clock' | 'storage' | 'keys'>

/**
 * The playlist of one track. Complete once the attempt has ended and everything its page committed is here, or will
 * hardly come any more; until then it grows.
 */
export async function playlistOf(
  deps: PlaybackDeps,
  actor: Actor,
  attempt: string,
  track: EvidenceTrack,
  purpose: Purpose,
): Promise<string> {
  const { db, clock } = deps
  const row = await db.selectFrom('attempt').select('state').where('id', '=', attempt).executeTakeFirst()
  if (!row) throw new Refused('attempt-unknown')
  await logView(deps, actor, attempt, `evidence.${track}.viewed`, purpose)
  const ended = endedAt(row.state as unknown as AttemptState) !== null
  return buildPlaylist(await segmentsOf(db, attempt, track), {
    complete: ended,
    now: clock.now(),
    addressOf: ({ rendition, number }) => `${rendition}/${number}?purpose=${purpose}`,
  })
}

/** The bytes of one segment in clear. Throws `not-found` when there are none, or none any more. */
export async function segmentBytes(
  deps: PlaybackDeps,
  actor: Actor,
  attempt: string,
  name: SegmentName,
  purpose: Purpose,
): Promise<Buffer> {
  const { segment, key: wrapped } = await readSegment(deps.db, attempt, name)
  const key = segment?.stored_as && wrapped ? await deps.keys.unwrap(attempt, wrapped) : null
  const sealed = key && segment?.stored_as ? await deps.storage.get(segment.stored_as) : null
  if (!key || !sealed) throw new Refused('not-found')
  await logView(deps, actor, attempt, `evidence.${name.track}.viewed`, purpose)
  return open(key, sealed, segmentContext(attempt, name))
}
