import type { Digest } from './ids.ts'

/** A stored save as its page knows it: its number, and its link in the page's own chain of saves [EVD-04.4]. */
export type SaveLink = { readonly number: number; readonly link: Digest }

/** A page stood on a save that is not stored (`unknown`), or on another one than is stored under its number (`differs`). */
export type SaveFault = 'unknown' | 'differs'
