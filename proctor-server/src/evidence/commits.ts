import { INIT_NUMBER, type CommitMessage } from '@vigie/contract/evidence/segment'
import { isAhead, judgeCommit, type SegmentRefusalCode } from '@vigie/exam-engine/evidence/segments'
import type { Instant } from '@vigie/kernel/instant'
import { alone } from '../platform/batches.ts'
import type { Tx } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'
import { ATTEMPT_BYTES_LIMIT, type IntakeDeps } from './intake.ts'
import { admitAll, type IntakeTerms } from './retention.ts'
import { insertCommits, streamsOf, type AttemptPiece, type Commit, type CommittedRow } from './store.ts'
import { bytesOf, openStreams } from './streamStore.ts'

type Standing = 'new' | 'repeat' | SegmentRefusalCode

const streamOf = (piece: AttemptPiece): string => `${piece.attempt}/${piece.track}/${piece.rendition}`
const nameOf = (piece: AttemptPiece): string => `${streamOf(piece)}/${piece.number}`

/** What one page promises at once. */
export interface Promised {
  readonly attempt: string
  readonly commits: readonly CommitMessage[]
}

/** When it was on disk. */
export interface Committed {
  readonly committedAt: Instant
}

type AttemptCommit = CommitMessage & { readonly attempt: string }
type Known = Pick<CommittedRow, 'digest' | 'committed_at'>

/** What is known of streams. */
interface Streams {
  readonly last: Map<string, Pick<CommittedRow, 'number' | 'digest'>>
  readonly same: Map<string, Known>
}

/** Number 0 has no time in it and nothing before it; the rest is the domain's. */
function judgeInit(same: Known | undefined, commit: CommitMessage, now: Instant): Standing {
  if (same?.committed_at) return same.digest === commit.digest ? 'repeat' : 'segment-conflict'
  if (commit.from !== commit.to || isAhead(commit, now)) return 'segment-time'
  return commit.previous === null ? 'new' : 'segment-chain'
}

function judge(
  same: Known | undefined,
  last: Pick<CommittedRow, 'number' | 'digest'> | undefined,
  commit: CommitMessage,
  now: Instant,
): Standing {
  // Bytes that came without a commit stay what they are.
  if (same && same.digest !== commit.digest) return 'segment-conflict'
  if (commit.number === INIT_NUMBER) return judgeInit(same, commit, now)
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

/** The commits of one page to write, and what is known once they are; throws on the first that does not fit. */
function judgePage(known: Streams, commits: readonly AttemptCommit[], now: Instant) {
  const moved: Streams = { last: new Map(), same: new Map() }
  const fresh = commits.filter((commit) => {
    const [stream, name] = [streamOf(commit), nameOf(commit)]
    const same = moved.same.get(name) ?? known.same.get(name)
    const standing = judge(same, moved.last.get(stream) ?? known.last.get(stream), commit, now)
    if (standing !== 'new' && standing !== 'repeat') {
      const { track, rendition, number } = commit
      throw new Refused(standing, { track, rendition, number })
    }
    if (standing === 'new') {
      moved.last.set(stream, commit)
      moved.same.set(name, { ...commit, committed_at: commit.to })
    }
    return standing === 'new'
  })
  return { fresh, moved }
}

const inOrder = ({ attempt, commits }: Promised): AttemptCommit[] =>
  commits
    .map((commit) => ({ ...commit, attempt }))
    .sort((a, b) => (streamOf(a) < streamOf(b) ? -1 : streamOf(a) > streamOf(b) ? 1 : a.number - b.number))

/** What is in the database of these pages, and what they promise that is new to it, page by page. */
async function createBench(
  { keys }: Pick<IntakeDeps, 'keys'>,
  tx: Tx,
  terms: ReadonlyMap<string, IntakeTerms>,
  pages: readonly Promised[],
) {
  const attempts = [...terms.keys()]
  const { last, same } = await streamsOf(tx, pages.flatMap(inOrder))
  const weights = new Map(await bytesOf(tx, attempts))
  const opened = await keys.obtainAll(tx, attempts)
  const known: Streams = {
    last: new Map(last.map((row) => [streamOf({ ...row, attempt: row.attempt_id }), row])),
    same: new Map(same.map((row) => [nameOf({ ...row, attempt: row.attempt_id }), row])),
  }
  /** Bytes that came before their promise were counted when they came. */
  const counted = new Set(known.same.keys())

  return {
    /** Throws what refuses the page; of it nothing is then new, and the next page is judged as if it had not been. */
    judge(page: Promised, now: Instant): (AttemptCommit & { superseded: boolean; counted: boolean })[] {
      const { lease, recorded } = terms.get(page.attempt)!
      if (!recorded) throw new Refused('evidence-not-recorded')
      // Nobody holds a lease that was never given; what an older one recorded is kept as evidence [ROOM-05].
      if (page.commits.some((commit) => commit.lease > lease)) throw new Refused('lease-unknown')
      const { fresh, moved } = judgePage(known, inOrder(page), now)
      const weight = fresh.reduce((sum, commit) => sum + commit.bytes, weights.get(page.attempt) ?? 0)
      if (weight > ATTEMPT_BYTES_LIMIT) throw new Refused('evidence-limit')
      const key = opened.get(page.attempt)
      if (key instanceof Refused) throw key
      weights.set(page.attempt, weight)
      for (const [stream, piece] of moved.last) known.last.set(stream, piece)
      for (const [name, piece] of moved.same) known.same.set(name, piece)
      return fresh.map((commit) => ({
        ...commit,
        superseded: commit.lease < lease,
        counted: counted.has(nameOf(commit)),
      }))
    },
  }
}

/**
 * Takes what many pages promise in one transaction: the SHA-256 of segments whose bytes follow [EVD-03]. Idempotent. A
 * promise that does not fit its rendition refuses all that its page said at once, with the domain's code and the
 * segment's name: nothing of that page is then changed, and nothing of the others is lost.
 */
export async function commitAll(
  deps: IntakeDeps,
  asked: readonly Promised[],
): Promise<(Committed | Refused)[]> {
  return deps.db.transaction().execute(async (tx) => {
    const now = deps.clock.now()
    const attempts = asked.map(({ attempt }) => attempt)
    const admitted = await admitAll(tx, attempts, now, true)
    const terms = new Map<string, IntakeTerms>()
    for (const [attempt, term] of admitted) if (!(term instanceof Refused)) terms.set(attempt, term)
    const bench = await createBench(
      deps,
      tx,
      terms,
      asked.filter(({ attempt }) => terms.has(attempt)),
    )
    const fresh: ReturnType<typeof bench.judge> = []
    const outcomes = asked.map((page) => {
      const term = admitted.get(page.attempt)
      if (term instanceof Refused) return term
      try {
        fresh.push(...bench.judge(page, now))
        return { committedAt: now }
      } catch (error) {
        if (error instanceof Refused) return error
        throw error
      }
    })
    const streams = await openStreams(tx, fresh)
    const commits = fresh.map((commit): Commit => ({
      ...commit,
      order: streams.promise(commit, commit.counted),
    }))
    await insertCommits(tx, commits, now)
    await streams.write(now)
    return outcomes
  })
}

/** The same for one page; what is refused is thrown. */
export const commitSegments = (
  deps: IntakeDeps,
  attempt: string,
  commits: readonly CommitMessage[],
): Promise<Committed> => alone((asked: readonly Promised[]) => commitAll(deps, asked))({ attempt, commits })
