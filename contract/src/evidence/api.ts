import { EVIDENCE_TRACKS, MOST_SEGMENT_BYTES } from '@vigie/exam-engine/evidence/segments'
import { z } from 'zod'
import { attemptIdSchema, digestSchema, instantSchema } from '../ids.ts'
import { route } from '../route.ts'
import { receiptFileSchema } from './receipt.ts'
import { COMMITS_LIMIT, INIT_NUMBER, SEGMENT_NUMBER_LIMIT } from './segment.ts'

export const evidenceTrackSchema = z.enum(EVIDENCE_TRACKS)
export const renditionSchema = z.uuid().regex(/^[0-9a-f-]+$/, 'lower case')
export const segmentNumberSchema = z.number().int().min(INIT_NUMBER).max(SEGMENT_NUMBER_LIMIT)
export const leaseSchema = z.number().int().min(1)

export const commitMessageSchema = z.object({
  track: evidenceTrackSchema,
  rendition: renditionSchema,
  number: segmentNumberSchema,
  digest: digestSchema,
  previous: digestSchema.nullable(),
  bytes: z.number().int().min(1).max(MOST_SEGMENT_BYTES),
  from: instantSchema,
  to: instantSchema,
  lease: leaseSchema,
})

export const evidenceApi = {
  /**
   * Commits segments before their bytes are sent [EVD-03], each rendition in order. A repeat changes nothing. One
   * commit that does not fit refuses the whole batch with what is wrong and the segment in its detail.
   */
  commit: route('evidence.write')
    .route({ method: 'POST', path: '/attempts/{attempt}/segments', tags: ['evidence'] })
    .input(
      z.object({ attempt: attemptIdSchema, commits: z.array(commitMessageSchema).min(1).max(COMMITS_LIMIT) }),
    )
    .output(z.object({ committedAt: instantSchema })),
  /** The signed receipt of a sealed attempt, with the record it attests [EVD-05]. Made when there is more to say. */
  receipt: route('evidence.receipt.read')
    .route({ method: 'GET', path: '/attempts/{attempt}/receipt', tags: ['evidence'] })
    .input(z.object({ attempt: attemptIdSchema }))
    .output(receiptFileSchema),
  /**
   * The record as the server holds it today, for whoever holds a receipt of it: named by the SHA-256 of the receipt's
   * signed text, which nobody can guess.
   */
  recordOfReceipt: route('evidence.receipt.verify')
    .route({ method: 'GET', path: '/receipts/{digest}/record', tags: ['evidence'] })
    .input(z.object({ digest: digestSchema }))
    .output(receiptFileSchema.pick({ chain: true })),
}
