/**
 * What page, server and console must say alike about a still [ROOM-02]. No schema here: browsers carry this file, the
 * server alone validates.
 */

/** What a still shows: sound has none. */
export const STILL_SOURCES = ['camera', 'screen'] as const
export type StillSource = (typeof STILL_SOURCES)[number]

/** Largest still, in bytes. */
export const STILL_LIMIT = 300_000

/** Where the page sends a still (POST, the JPEG itself) and under which lease [ROOM-02], [ROOM-05]. */
export const stillUploadPath = (attempt: string, source: StillSource, lease: number): string =>
  `/api/attempts/${attempt}/stills/${source}?lease=${lease}`

/** Where the assigned proctor or a lead sees the last still (GET). `at` names it, so that no cache shows an older one. */
export const stillPath = (attempt: string, source: StillSource, at: number): string =>
  `/api/supervision/${attempt}/stills/${source}?at=${at}`

/** A new still of a candidate is there. */
export interface StillNews {
  readonly attempt: string
  readonly source: StillSource
  readonly at: number
}
