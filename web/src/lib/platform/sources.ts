/** The three things of a candidate that are seen and heard live. */
export const SOURCES = ['camera', 'microphone', 'screen'] as const
export type Source = (typeof SOURCES)[number]
