import type { ReviewComment } from '@vigie/contract/review/api'
import type { Instant } from '@vigie/kernel/instant'
import type { Actor } from '../accounts/actor.ts'
import { refuseDestroyed } from '../evidence/retention.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import { Refused } from '../platform/refused.ts'
import { commentsOf } from './store.ts'

interface CommentDeps {
  readonly db: Database
  readonly clock: Clock
}

/** Keeps what a reviewer wrote at a moment of the recording [REV-02]. */
export async function addComment(
  { db, clock }: CommentDeps,
  actor: Actor,
  attempt: string,
  at: Instant,
  text: string,
): Promise<ReviewComment> {
  if (actor.kind !== 'person') throw new Refused('not-signed-in')
  const now = clock.now()
  const id = uuidv7(now)
  await db.transaction().execute(async (tx) => {
    await refuseDestroyed(tx, attempt)
    await tx
      .insertInto('review_comment')
      .values({ id, attempt_id: attempt, at, made_at: now, author_id: actor.id, text })
      .execute()
    await audit(tx, clock, {
      actor,
      role: 'reviewer',
      action: 'review.commented',
      attempt,
      detail: { comment: id },
    })
  })
  const kept = (await commentsOf(db, attempt)).find((comment) => comment.id === id)
  if (!kept) throw new Error('a comment vanished')
  return kept
}

/** Takes one's own comment back; somebody else's is `not-found`. */
export async function removeComment(
  { db, clock }: CommentDeps,
  actor: Actor,
  attempt: string,
  comment: string,
): Promise<{ at: Instant }> {
  if (actor.kind !== 'person') throw new Refused('not-signed-in')
  const { numDeletedRows } = await db
    .deleteFrom('review_comment')
    .where('id', '=', comment)
    .where('attempt_id', '=', attempt)
    .where('author_id', '=', actor.id)
    .executeTakeFirst()
  if (numDeletedRows === 0n) throw new Refused('not-found')
  await audit(db, clock, {
    actor,
    role: 'reviewer',
    action: 'review.comment-removed',
    attempt,
    detail: { comment },
  })
  return { at: clock.now() }
}
