import { z } from 'zod'

/** Largest file of a roster or a paper, in bytes. */
const IMPORT_LIMIT = 4_000_000

/** A whole file as base64: its encoding is judged by the server, so its bytes travel untouched. */
export const fileSchema = z
  .base64()
  .min(1)
  .max(Math.ceil(IMPORT_LIMIT / 3) * 4)

/** SHA-256 of a file that was checked: what was read is what is written. */
export const fileDigestSchema = z.string().regex(/^[0-9a-f]{64}$/)

/** Something about a line or a file, by a code that the page has words for. */
export const findingSchema = z.object({ code: z.string(), detail: z.string().nullable() })
