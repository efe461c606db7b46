import { EVIDENCE_TRACKS, MOST_SEGMENT_BYTES } from '@vigie/exam-engine/evidence/segments'
import { z } from 'zod'
import { attemptIdSchema, digestSchema, instantSchema } from '../ids.ts'
import { route } from '../route.ts'
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
}
