import { ifFree } from '#lib/platform/locks.ts'
import type { Shelf } from '#lib/platform/store.ts'
import { unsealedOf } from './journal.ts'
import { commitPiece, type LineState } from './line.ts'
import { lockOf } from './run.ts'
import type { Sealer } from './sealer.ts'
import type { SegmentStore } from './segmentStore.ts'

interface Left {
  readonly shelf: Shelf
  readonly attempt: string
  readonly sealer: Sealer
  readonly store: SegmentStore
}

/**
 * Makes segments of what pages that were killed had encoded and not sealed, and keeps them with the others [EVD-01]. A
 * page that still lives keeps its own. What cannot be restored is forgotten: the server shows it as a gap.
 */
export async function keepUnsealed({ shelf, attempt, sealer, store }: Left): Promise<void> {
  for (const { head, pieces, forget } of await unsealedOf(shelf, attempt, sealer)) {
    await ifFree(lockOf(head.rendition), async () => {
      // Killed between keeping a segment and noting it: the segment says where the chain really stands.
      const kept = store.waiting
        .filter(({ rendition, number }) => rendition === head.rendition && number >= head.number)
        .reduce<(typeof store.waiting)[number] | null>(
          (last, one) => (last && last.number > one.number ? last : one),
          null,
        )
      let state: LineState = kept ? { ...head, number: kept.number + 1, previous: kept.digest } : head
      const sealedTo = kept && kept.to > kept.from ? kept.to - (head.offset ?? 0) : head.sealedTo
      const { restore } = await import('./restore.ts')
      for (const piece of await restore({ ...head, number: state.number, sealedTo }, pieces)) {
        const { commit, next } = await commitPiece(state, piece)
        await store.keep(commit, piece.bytes)
        state = next
      }
      await forget()
    })
  }
}
