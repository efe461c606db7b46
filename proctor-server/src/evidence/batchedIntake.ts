import type { CommitMessage, SegmentName } from '@vigie/contract/evidence/segment'
import { createBatches } from '../platform/batches.ts'
import { commitAll, type Committed, type Promised } from './commits.ts'
import {
  lookAll,
  placeAll,
  receive,
  type Arrival,
  type Arrived,
  type Claims,
  type Desk,
  type IntakeDeps,
} from './intake.ts'
import type { AttemptPiece } from './store.ts'

/**
 * Nobody sits before a screen waiting for a segment to be taken in, and every second of an exam brings hundreds: batches
 * a tenth of a second apart cost server and PostgreSQL a third of what a transaction for each does [EVD-07].
 */
const BATCHES = { apart: 100, most: 256 }

/** Takes in what pages record: first the promise of a segment, then its bytes [EVD-03]. What is refused is thrown. */
export interface Intake {
  commit(attempt: string, commits: readonly CommitMessage[]): Promise<Committed>
  receive(attempt: string, name: SegmentName, bytes: Uint8Array, claims: Claims | null): Promise<Arrived>
}

export function createIntake(deps: IntakeDeps): Intake {
  const commit = createBatches((asked: readonly Promised[]) => commitAll(deps, asked), BATCHES)
  const desk: Desk = {
    look: createBatches((pieces: readonly AttemptPiece[]) => lookAll(deps, pieces), BATCHES),
    place: createBatches((arrivals: readonly Arrival[]) => placeAll(deps, arrivals), BATCHES),
  }
  return {
    commit: (attempt, commits) => commit({ attempt, commits }),
    receive: (attempt, name, bytes, claims) => receive(deps, desk, attempt, name, bytes, claims),
  }
}
