import { INIT_NUMBER, type CommitMessage, type SegmentName } from '@vigie/contract/evidence/segment'
import { isAhead, judgeCommit, type SegmentRefusalCode } from '@vigie/exam-engine/evidence/segments'
import type { Instant } from '@vigie/kernel/instant'
import { Refused } from '../platform/refused.ts'
import { ATTEMPT_BYTES_LIMIT, type IntakeDeps } from './intake.ts'
import { admitEvidence } from './retention.ts'
import { bytesOf, insertCommits, streamsOf, type CommittedRow } from './store.ts'
import { openStreams } from './streamStore.ts'

type Standing = 'new' | 'repeat' | SegmentRefusalCode

const streamOf = (name: SegmentName): string => `${name.track}/${name.rendition}`
const nameOf = (name: SegmentName): string => `${streamOf(name)}/${name.number}`

/** What is known of the streams of one batch; judging moves it on. */
interface Streams {
  readonly last: Map<string, Pick<CommittedRow, 'number' | 'digest'>>
  readonly same: Map<string, CommittedRow>
}

/** Number 0 has no time in it and nothing before it; the rest is the domain's. */
function judgeInit(same: CommittedRow | undefined, commit: CommitMessage, now: Instant): Standing {
  if (same?.committed_at) return same.digest === commit.digest ? 'repeat' : 'segment-conflict'
  if (commit.from !== commit.to || isAhead(commit, now)) return 'segment-time'
  return commit.previous === null ? 'new' : 'segment-chain'
}

function judge(streams: Streams, commit: CommitMessage, now: Instant): Standing {
  const same = streams.same.get(nameOf(commit))
  // Bytes that came without a commit stay what they are.
  if (same && same.digest !== commit.digest) return 'segment-conflict'
  if (commit.number === INIT_NUMBER) return judgeInit(same, commit, now)
  const last = streams.last.get(streamOf(commit))
  const verdict = judgeCommit(
    {
      last: last ?? null,
      same: same?.committed_at ? same : null,
      // Asked before, under the lock of the attempt's term.
      destroyedAt: null,
    },
    commit,
    now,
  )
  return verdict.ok ? verdict.value : verdict.refusal
}

/** The commits to write, in order; throws on the first that does not fit. */
function judgeAll(streams: Streams, commits: readonly CommitMessage[], now: Instant): CommitMessage[] {
  return commits.filter((commit) => {
    const standing = judge(streams, commit, now)
    if (standing !== 'new' && standing !== 'repeat') {
      const { track, rendition, number } = commit
      throw new Refused(standing, { track, rendition, number })
    }
    if (standing === 'new') {
      streams.last.set(streamOf(commit), commit)
      streams.same.set(nameOf(commit), { ...commit, committed_at: commit.to })
    }
    return standing === 'new'
  })
}

/**
 * Takes commits: the SHA-256 of segments whose bytes follow [EVD-03]. Idempotent. One that does not fit its rendition
 * refuses the batch with the domain's code and the segment's name; nothing is then changed.
 */
export async function commitSegments(
  { db, clock, keys }: IntakeDeps,
  attempt: string,
  commits: readonly CommitMessage[],
): Promise<{ committedAt: Instant }> {
  const inOrder = [...commits].sort((a, b) =>
    streamOf(a) < streamOf(b) ? -1 : streamOf(a) > streamOf(b) ? 1 : a.number - b.number,
  )
  return db.transaction().execute(async (tx) => {
    const now = clock.now()
    const terms = await admitEvidence(tx, attempt, now, true)
    if (!terms.recorded) throw new Refused('evidence-not-recorded')
    // Nobody holds a lease that was never given; what an older one recorded is kept as evidence [ROOM-05].
    if (inOrder.some((commit) => commit.lease > terms.lease)) throw new Refused('lease-unknown')
    const { last, same } = await streamsOf(tx, attempt, inOrder)
    const streams: Streams = {
      last: new Map(last.map((row) => [streamOf(row), row])),
      same: new Map(same.map((row) => [nameOf(row), row])),
    }
    const fresh = judgeAll(streams, inOrder, now)
    const promised = fresh.reduce((sum, commit) => sum + commit.bytes, 0)
    if ((await bytesOf(tx, attempt)) + promised > ATTEMPT_BYTES_LIMIT) throw new Refused('evidence-limit')
    await keys.obtain(tx, attempt)
    const opened = await openStreams(tx, attempt, fresh)
    await insertCommits(
      tx,
      attempt,
      fresh.map((commit) => ({
        ...commit,
        superseded: commit.lease < terms.lease,
        order: opened.promise(commit),
      })),
      now,
    )
    await opened.write(now)
    return { committedAt: now }
  })
}
