import { EVIDENCE_TRACKS, MOST_SEGMENT_BYTES } from '@vigie/exam-engine/evidence/segments'
import { z } from 'zod'
import { attemptIdSchema, digestSchema, instantSchema } from '../ids.ts'
import { route } from '../route.ts'
import { groundSchema, receiptFileSchema } from './receipt.ts'
import {
  custodyLineSchema,
  dailyHeadSchema,
  daySchema,
  holdKindSchema,
  holdReasonSchema,
  ownAttemptSchema,
  ownHoldKindSchema,
  proofSchema,
} from './custody.ts'
import { COMMITS_LIMIT, INIT_NUMBER, SEGMENT_NUMBER_LIMIT } from './segment.ts'

const tags = ['evidence']

export const evidenceTrackSchema = z.enum(EVIDENCE_TRACKS)
export const renditionSchema = z.uuid().regex(/^[0-9a-f-]+$/, 'lower case')
export const segmentNumberSchema = z.number().int().min(INIT_NUMBER).max(SEGMENT_NUMBER_LIMIT)
export const leaseSchema = z.number().int().min(1)

/** How far a computer's clock may be off and still be spoken of: half a century, in milliseconds. */
const MOST_OFFSET = 50 * 366 * 86_400_000

export const commitMessageSchema = z.object({
  track: evidenceTrackSchema,
  rendition: renditionSchema,
  number: segmentNumberSchema,
  digest: digestSchema,
  previous: digestSchema.nullable(),
  bytes: z.number().int().min(1).max(MOST_SEGMENT_BYTES),
  from: instantSchema,
  to: instantSchema,
  // Pages of the protocol before say nothing of it.
  offset: z.number().int().min(-MOST_OFFSET).max(MOST_OFFSET).nullable().default(null),
  lease: leaseSchema,
})

export const evidenceApi = {
  /**
   * Commits segments before their bytes are sent [EVD-03], each rendition in order. A repeat changes nothing. One
   * commit that does not fit refuses the whole batch with what is wrong and the segment in its detail.
   */
  commit: route('evidence.write')
    .route({ method: 'POST', path: '/attempts/{attempt}/segments', tags })
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
    .output(groundSchema),

  /** What is held of whoever asks, attempt by attempt, and until when [RET-05]. */
  own: route('evidence.own')
    .route({ method: 'GET', path: '/my-data', tags })
    .output(z.object({ now: instantSchema, attempts: z.array(ownAttemptSchema) })),
  /** The candidate asks that nothing of an attempt be destroyed for now: an appeal, an access request [RET-02]. */
  ownHold: route('evidence.own.hold')
    .route({ method: 'POST', path: '/my-data/{attempt}/holds', tags })
    .input(z.object({ attempt: attemptIdSchema, kind: ownHoldKindSchema, reason: holdReasonSchema }))
    .output(z.object({ id: z.uuid() })),
  endOwnHold: route('evidence.own.hold')
    .route({ method: 'POST', path: '/my-data/{attempt}/holds/{hold}/end', tags })
    .input(z.object({ attempt: attemptIdSchema, hold: z.uuid() }))
    .output(z.object({})),

  /**
   * For staff: what is overdue and what is held, then what was destroyed last; or what a search finds, destroyed or not
   * [RET-02] [RET-03] [RET-04].
   */
  custody: route('evidence.custody')
    .route({ method: 'GET', path: '/custody', tags })
    .input(z.object({ search: z.string().max(200).default('') }))
    .output(
      z.object({ now: instantSchema, lines: z.array(custodyLineSchema), overdueKeys: z.array(z.string()) }),
    ),
  hold: route('evidence.hold')
    .route({ method: 'POST', path: '/custody/{attempt}/holds', tags })
    .input(
      z.object({
        attempt: attemptIdSchema,
        kind: holdKindSchema,
        reason: holdReasonSchema,
        until: instantSchema,
      }),
    )
    .output(z.object({ id: z.uuid() })),
  endHold: route('evidence.hold')
    .route({ method: 'POST', path: '/custody/{attempt}/holds/{hold}/end', tags })
    .input(z.object({ attempt: attemptIdSchema, hold: z.uuid() }))
    .output(z.object({})),

  /** The signed Merkle heads over all chains, newest first: for everybody [EVD-05]. */
  heads: route('evidence.heads')
    .route({ method: 'GET', path: '/heads', tags })
    .output(z.object({ heads: z.array(dailyHeadSchema) })),
  head: route('evidence.heads')
    .route({ method: 'GET', path: '/heads/{day}', tags })
    .input(z.object({ day: daySchema }))
    .output(dailyHeadSchema),
  /** What shows that an attempt's chain stands under the head of a day, for whoever knows the attempt. */
  proof: route('evidence.heads')
    .route({ method: 'GET', path: '/heads/{day}/proofs/{attempt}', tags })
    .input(z.object({ day: daySchema, attempt: attemptIdSchema }))
    .output(proofSchema),
}
