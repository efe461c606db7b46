import { CLOSING_CAUSES } from '@vigie/exam-engine/attempt/state'
import { LEDGER_KINDS } from '@vigie/exam-engine/attempt/ledger'
import { FORMER_RECEIPT_FORMAT, RECEIPT_FORMAT } from '@vigie/exam-engine/evidence/receipt'
import { EVIDENCE_TRACKS } from '@vigie/exam-engine/evidence/segments'
import { ASIDE_CAUSES, TEXT_KINDS } from '@vigie/exam-engine/attempt/besides'
import { z } from 'zod'
import { digestSchema, instantSchema } from '../ids.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const place = z.number().int().min(1)
const maybeInstant = instantSchema.nullable()

/** One link of an attempt's chain: its place, the text that was hashed, the hash [EVD-04]. */
export const chainLinkSchema = z.object({ seq: place, text: z.string().max(100_000), hash })

const count = z.number().int().min(0)
const stream = { track: z.enum(EVIDENCE_TRACKS), rendition: z.string().max(64) }

const recordSchema = z.object({
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
})

const sinceFormat2 = z.object({
  setAside: z.array(
    z.object({ cause: z.enum(ASIDE_CAUSES), number: place, at: instantSchema, digest: digestSchema }),
  ),
  texts: z.array(
    z.object({
      kind: z.enum(TEXT_KINDS),
      at: instantSchema,
      by: z.enum(['candidate', 'staff']),
      digest: digestSchema,
    }),
  ),
  streams: z.array(
    z.object({ ...stream, promised: count, promisedHead: hash, received: count, receivedHead: hash }),
  ),
})

const signed = {
  number: place,
  issuedAt: instantSchema,
  chain: z.object({ length: place, head: hash }),
  recording: z.array(
    z.object({
      ...stream,
      committed: z.number().int(),
      lastDigest: digestSchema.nullable(),
      received: z.number().int(),
      missing: z.array(z.number().int()),
    }),
  ),
}

/** What a receipt says, once its signature is verified; of the former format, without what it did not have yet. */
export const receiptSchema = z.discriminatedUnion('format', [
  z.object({
    format: z.literal(RECEIPT_FORMAT),
    ...signed,
    record: recordSchema.extend(sinceFormat2.shape),
  }),
  z.object({
    format: z.literal(FORMER_RECEIPT_FORMAT),
    ...signed,
    record: recordSchema.transform((record) => ({ ...record, setAside: [], texts: [], streams: [] })),
  }),
])

/** Of each recorded stream, what the page promised and what arrived [EVD-03]; digests, sizes and times only. */
export const recordedPiecesSchema = z.object({
  ...stream,
  pieces: z
    .array(
      z.object({
        number: count,
        promise: z
          .object({
            order: place,
            digest: digestSchema,
            previous: digestSchema.nullable(),
            bytes: count,
            from: instantSchema,
            to: instantSchema,
            offset: z.number().int().optional(),
          })
          .nullable(),
        arrival: z.object({ order: place, digest: digestSchema }).nullable(),
      }),
    )
    .max(100_000),
})

/** What a receipt stands on: the chain, and what was recorded beside it. */
export const groundSchema = z.object({
  chain: z.array(chainLinkSchema).max(100_000),
  // A file from before the recording was enclosed has none.
  streams: z.array(recordedPiecesSchema).max(10_000).default([]),
})

/** The file a candidate keeps: the signed receipt and the record it attests. */
export const receiptFileSchema = groundSchema.extend({ receipt: z.string().max(4_000_000) })
export type ReceiptFile = z.infer<typeof receiptFileSchema>
