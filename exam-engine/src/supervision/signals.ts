/** Signals are advice, never verdicts; each is switched by policy [SUP-07]. */
export const SIGNALS = [
  'page-hidden',
  'window-left',
  'second-screen',
  'copy',
  'paste',
  'camera-lost',
  'microphone-lost',
  'screen-lost',
  'virtual-camera',
  'lease-changed',
] as const
export type Signal = (typeof SIGNALS)[number]

/** What only the candidate's page can notice. The others are facts the server has by itself. */
export const PAGE_SIGNALS = [
  'page-hidden',
  'window-left',
  'second-screen',
  'copy',
  'paste',
  'virtual-camera',
] as const satisfies readonly Signal[]
export type PageSignal = (typeof PAGE_SIGNALS)[number]

/** Why a track is no longer there, as far as it is known [ROOM-03]. */
export const LOST_CAUSES = ['ended', 'muted', 'wrong-surface'] as const
/** `unpublished`: the server saw in the room that it is no longer sent, before or without the page's word. */
export type LostCause = (typeof LOST_CAUSES)[number] | 'unpublished'

/** The same signal again within this time says nothing new, in milliseconds. */
export const SIGNAL_REST = 10_000

/** More of one attempt than anybody would read: what comes after is not kept. */
export const MOST_SIGNALS = 400

/** What this policy asks the page to notice: nothing else is looked at, let alone sent. */
export const askedOfPage = (signals: Readonly<Record<Signal, boolean>>): PageSignal[] =>
  PAGE_SIGNALS.filter((signal) => signals[signal])
