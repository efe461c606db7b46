import { INIT_NUMBER, type CommitMessage } from '@vigie/contract/evidence/segment'
import { digest as digestKind, type Digest } from '@vigie/exam-engine/attempt/ids'
import type { EvidenceTrack } from '@vigie/exam-engine/evidence/segments'
import type { Instant } from '@vigie/kernel/instant'
import { sha256OfBytes } from '#lib/platform/sha256.ts'
import type { Piece } from './rendition.ts'

/** Where a rendition's chain stands. */
export interface LineState {
  readonly track: EvidenceTrack
  readonly rendition: string
  readonly lease: number
  readonly number: number
  readonly previous: Digest | null
  /**
   * Server's clock minus this computer's, in milliseconds; one for the whole run: what was recorded evenly stays even. Null
   * as long as nobody knows it: this computer's clock then dates what is recorded, and the commit says so.
   */
  readonly offset: number | null
}

/** The commit of the next piece, and where the chain stands after it: numbered, linked, dated by the server's clock. */
export async function commitPiece(
  state: LineState,
  { kind, bytes, from, to }: Piece,
): Promise<{ commit: CommitMessage; next: LineState }> {
  const at = (moment: number): Instant => Math.round(moment + (state.offset ?? 0))
  const commit: CommitMessage = {
    track: state.track,
    rendition: state.rendition,
    number: kind === 'init' ? INIT_NUMBER : Math.max(state.number, INIT_NUMBER + 1),
    digest: digestKind.parse(await sha256OfBytes(bytes)),
    previous: state.previous,
    bytes: bytes.length,
    from: at(from),
    to: kind === 'init' ? at(from) : Math.max(at(to), at(from) + 1),
    offset: state.offset,
    lease: state.lease,
  }
  return { commit, next: { ...state, number: commit.number + 1, previous: commit.digest } }
}
