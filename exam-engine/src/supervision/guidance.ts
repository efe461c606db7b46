import type { AskedRequest } from './requests.ts'

/** What a candidate is led through step by step by their page [SUP-03]. */
export type Guide = Exclude<AskedRequest, 'share-again'>

/** What the page asks to see, in this order, and for how many seconds each. Both sides of the mirror, always. */
export const GUIDE_STOPS = {
  'room-scan': [
    ['left', 10],
    ['behind', 10],
    ['right', 10],
    ['ceiling', 6],
    ['under-desk', 10],
    ['desk', 12],
    ['ears', 8],
    ['mirror-front', 10],
    ['mirror-back', 8],
  ],
  'open-programs': [
    ['open', 20],
    ['scroll', 20],
    ['close', 8],
  ],
  'screen-edges': [
    ['mirror-front', 12],
    ['mirror-back', 8],
    ['keyboard', 8],
  ],
} as const satisfies Record<Guide, readonly (readonly [string, number])[]>
export type GuideStop = (typeof GUIDE_STOPS)[Guide][number][0]

/** How long a guide is meant to take, in whole seconds. Going past it costs nobody anything. */
export const guideSeconds = (guide: Guide): number =>
  GUIDE_STOPS[guide].reduce((sum, [, seconds]) => sum + seconds, 0)
