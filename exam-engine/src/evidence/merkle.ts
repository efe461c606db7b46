import type { Instant } from '@vigie/kernel/instant'
import type { Sha256 } from './chain.ts'

/** One attempt's chain as it stood: how many links, and the hash of the last. Opaque ids only. */
export type ChainHead = { readonly attempt: string; readonly length: number; readonly head: string }

/** What is signed once a day [EVD-05]. */
export type DailyHead = {
  /** `2026-12-17`, in UTC. */
  readonly day: string
  readonly at: Instant
  /** How many chains the tree holds. */
  readonly leaves: number
  readonly root: string
  /** Root of the day before it, null for the first: the days form a chain themselves. */
  readonly previous: string | null
}

/** One step up the tree: the hash beside ours, and on which side it stands. */
export type ProofStep = { readonly side: 'left' | 'right'; readonly hash: string }

const EMPTY = 'vigie-merkle-empty'

/** Leaves and nodes are hashed under different words, so that no node can pass for a leaf. */
export const leafHash = (sha256: Sha256, { attempt, length, head }: ChainHead): string =>
  sha256(`vigie-merkle-leaf\n${attempt}\n${length}\n${head}`)

const nodeHash = (sha256: Sha256, left: string, right: string): string =>
  sha256(`vigie-merkle-node\n${left}\n${right}`)

/** The level above; one without a partner goes up as it is. */
function above(sha256: Sha256, level: readonly string[]): string[] {
  const next: string[] = []
  for (let index = 0; index < level.length; index += 2) {
    const [left, right] = [level[index]!, level[index + 1]]
    next.push(right === undefined ? left : nodeHash(sha256, left, right))
  }
  return next
}

/** The heads in the order of the tree: by attempt. */
export const inTreeOrder = (heads: readonly ChainHead[]): ChainHead[] =>
  [...heads].sort((a, b) => (a.attempt < b.attempt ? -1 : a.attempt > b.attempt ? 1 : 0))

/** The root over all heads, whatever order they come in. */
export function merkleRoot(sha256: Sha256, heads: readonly ChainHead[]): string {
  let level = inTreeOrder(heads).map((head) => leafHash(sha256, head))
  if (level.length === 0) return sha256(EMPTY)
  while (level.length > 1) level = above(sha256, level)
  return level[0]!
}

/** The steps from one attempt's head to the root; null when the attempt is not among the heads. */
export function inclusionProof(
  sha256: Sha256,
  heads: readonly ChainHead[],
  attempt: string,
): ProofStep[] | null {
  const ordered = inTreeOrder(heads)
  let index = ordered.findIndex((head) => head.attempt === attempt)
  if (index < 0) return null
  let level = ordered.map((head) => leafHash(sha256, head))
  const steps: ProofStep[] = []
  while (level.length > 1) {
    const beside = index % 2 === 0 ? index + 1 : index - 1
    const hash = level[beside]
    if (hash !== undefined) steps.push({ side: beside < index ? 'left' : 'right', hash })
    level = above(sha256, level)
    index = Math.floor(index / 2)
  }
  return steps
}

/** Whether the steps lead from this head to that root [EVD-05]. Needs nothing of the platform but what it published. */
export function verifyInclusion(
  sha256: Sha256,
  head: ChainHead,
  steps: readonly ProofStep[],
  root: string,
): boolean {
  const reached = steps.reduce(
    (hash, step) =>
      step.side === 'left' ? nodeHash(sha256, step.hash, hash) : nodeHash(sha256, hash, step.hash),
    leafHash(sha256, head),
  )
  return reached === root
}
