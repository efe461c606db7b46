import { CLOSING_CAUSES } from '@vigie/exam-engine/attempt/state'
import { LEDGER_KINDS } from '@vigie/exam-engine/attempt/ledger'
import { RECEIPT_FORMAT } from '@vigie/exam-engine/evidence/receipt'
import { EVIDENCE_TRACKS } from '@vigie/exam-engine/evidence/segments'
import { z } from 'zod'
import { digestSchema, instantSchema } from '../ids.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const place = z.number().int().min(1)
const maybeInstant = instantSchema.nullable()

/** One link of an attempt's chain: its place, the text that was hashed, the hash [EVD-04]. */
export const chainLinkSchema = z.object({ seq: place, text: z.string().max(100_000), hash })

/** What a receipt says, once its signature is verified. */
export const receiptSchema = z.object({
  format: z.literal(RECEIPT_FORMAT),
  number: place,
  issuedAt: instantSchema,
  chain: z.object({ length: place, head: hash }),
  record: z.object({
    attempt: z.string(),
    candidate: z.string(),
    session: z.string(),
    certification: z.string(),
    paper: z.string(),
    enteredAt: maybeInstant,
    startedAt: maybeInstant,
    grantedSeconds: z.number().int().nullable(),
    deadline: maybeInstant,
    closedAt: maybeInstant,
    closedBy: z.enum(CLOSING_CAUSES).nullable(),
    sealedAt: maybeInstant,
    ledger: z.array(
      z.object({
        number: place,
        kind: z.enum(LEDGER_KINDS),
        from: instantSchema,
        to: instantSchema,
        seconds: z.number().int(),
        decidedBy: z.enum(['rule', 'person']),
        reason: z.string(),
      }),
    ),
    saves: z.array(
      z.object({
        number: place,
        at: instantSchema,
        digest: digestSchema,
        answeredCount: z.number().int(),
        late: z.boolean(),
      }),
    ),
    counted: z.object({ number: z.number().int(), digest: digestSchema.nullable() }).nullable(),
  }),
  recording: z.array(
    z.object({
      track: z.enum(EVIDENCE_TRACKS),
      rendition: z.string(),
      committed: z.number().int(),
      lastDigest: digestSchema.nullable(),
      received: z.number().int(),
      missing: z.array(z.number().int()),
    }),
  ),
})

/** The file a candidate keeps: the signed receipt and the record it attests. */
export const receiptFileSchema = z.object({
  receipt: z.string().max(4_000_000),
  chain: z.array(chainLinkSchema).max(100_000),
})
export type ReceiptFile = z.infer<typeof receiptFileSchema>
