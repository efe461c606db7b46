import type { MediaTrack } from './state.ts'

/** Texts about an attempt that lie beside its events; the chain holds SHA-256 of salt and text [EVD-04]. */
export const TEXT_KINDS = ['chat', 'note', 'flag', 'warning'] as const
export type TextKind = (typeof TEXT_KINDS)[number]

/** Why answers that a page sent do not count: another page had taken over [ROOM-05], or all was sealed [ATT-06]. */
export const ASIDE_CAUSES = ['superseded', 'too-late'] as const
export type AsideCause = (typeof ASIDE_CAUSES)[number]

/** One uninterrupted recording of one track; the camera comes with its sound. */
export type StreamName = { readonly track: Exclude<MediaTrack, 'microphone'>; readonly rendition: string }

/** How far a stream had come: what the page had promised, what the server had received, and the head of each list. */
export type StreamStanding = StreamName & {
  readonly promised: number
  readonly promisedHead: string
  readonly received: number
  readonly receivedHead: string
}
