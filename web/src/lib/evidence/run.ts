import { INIT_NUMBER } from '@vigie/contract/evidence/segment'
import type { EvidenceTrack } from '@vigie/exam-engine/evidence/segments'
import { holdLock } from '#lib/platform/locks.ts'
import type { Shelf } from '#lib/platform/store.ts'
import { openJournal, type EncodedPiece } from './journal.ts'
import { commitPiece, type LineState } from './line.ts'
import type { Encoded, Piece } from './rendition.ts'
import type { Sealer } from './sealer.ts'
import type { SegmentStore } from './segmentStore.ts'

interface RunOptions {
  readonly attempt: string
  readonly track: EvidenceTrack
  readonly lease: number
  /** Server's clock minus this computer's, in whole milliseconds; null while nobody knows it. */
  readonly offset: () => number | null
  readonly shelf: Shelf
  readonly sealer: Sealer
  readonly store: SegmentStore
}

/** One uninterrupted run of the recorder as it is kept: its chain of segments, and the journal of what is not sealed. */
export interface Run {
  /** Something was encoded: it goes into the journal until its segment is sealed. */
  readonly encoded: (encoded: Encoded) => void
  /** Keeps a sealed piece; rejects where there is no room for it. */
  keep(piece: Piece): Promise<void>
  /** Nothing more comes. */
  close(): Promise<void>
}

/** Says that the page of a run lives: nobody else may take its journal for one that was left behind. */
export const lockOf = (rendition: string): string => `vigie.recording.${rendition}`

export function openRun({ attempt, track, lease, offset, shelf, sealer, store }: RunOptions): Run {
  const rendition = crypto.randomUUID()
  const release = holdLock(lockOf(rendition))
  const journal = openJournal(shelf, attempt, rendition, sealer)
  let state: LineState | null = null
  let sealedTo = 0
  let video: VideoDecoderConfig | null = null
  let audio: AudioDecoderConfig | null = null

  /** One offset for the whole run, from the moment it is known. */
  const current = (): LineState => {
    state ??= { track, rendition, lease, number: INIT_NUMBER, previous: null, offset: null }
    if (state.offset === null) state = { ...state, offset: offset() }
    return state
  }
  const tellHead = () => journal.head({ ...current(), sealedTo, video, audio })

  return {
    encoded(encoded) {
      const { config, ...piece } = encoded
      if (config) {
        if (encoded.medium === 'video') video = config as VideoDecoderConfig
        else audio = config as AudioDecoderConfig
        void tellHead()
      }
      journal.add(piece satisfies EncodedPiece)
    },
    async keep(piece) {
      const { commit, next } = await commitPiece(current(), piece)
      await store.keep(commit, piece.bytes)
      state = next
      if (piece.kind === 'init') return
      sealedTo = piece.to
      // The head first: a page killed here must not make a second segment of what is kept already.
      await tellHead()
      await journal.drop(piece.to)
    },
    async close() {
      await journal.close()
      release()
    },
  }
}
