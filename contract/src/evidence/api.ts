import { z } from 'zod'
import { attemptIdSchema, digestSchema, instantSchema } from '../ids.ts'
import { route } from '../route.ts'
import { COMMITS_LIMIT, SEGMENT_LIMIT, SEGMENT_NUMBER_LIMIT, SEGMENT_TRACKS } from './segment.ts'

export const segmentTrackSchema = z.enum(SEGMENT_TRACKS)
export const renditionSchema = z.uuid().regex(/^[0-9a-f-]+$/, 'lower case')
export const segmentNumberSchema = z.number().int().min(0).max(SEGMENT_NUMBER_LIMIT)
export const leaseSchema = z.number().int().min(1)

export const segmentCommitSchema = z.object({
  track: segmentTrackSchema,
  rendition: renditionSchema,
  number: segmentNumberSchema,
  sha256: digestSchema,
  bytes: z.number().int().min(1).max(SEGMENT_LIMIT),
  startedAt: instantSchema,
  milliseconds: z.number().int().min(0).max(60_000),
  lease: leaseSchema,
  previous: digestSchema,
})

export const evidenceApi = {
  /**
   * Commits segments before their bytes are sent [EVD-03]. A repeat changes nothing. One commit that contradicts what
   * was committed or received before refuses the whole batch as `segment-forged`, with the segments in its detail.
   */
  commit: route('evidence.write')
    .route({ method: 'POST', path: '/attempts/{attempt}/segments', tags: ['evidence'] })
    .input(z.object({ attempt: attemptIdSchema, commits: z.array(segmentCommitSchema).min(1).max(COMMITS_LIMIT) }))
    .output(z.object({ committedAt: instantSchema })),
}
