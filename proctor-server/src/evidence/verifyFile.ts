import { receiptFileSchema, receiptSchema } from '@vigie/contract/evidence/receipt'
import type { Receipt } from '@vigie/exam-engine/evidence/receipt'
import { verifyReceipt, type ReceiptVerdict } from '@vigie/exam-engine/evidence/verifyReceipt'
import { verifyTexts, type SaltedText, type TextsVerdict } from '@vigie/exam-engine/evidence/verifyTexts'
import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose'
import { sha256 } from '../platform/keys.ts'

export type FileVerdict =
  | { readonly step: 'form'; readonly problem: string }
  | { readonly step: 'signature'; readonly problem: string }
  | { readonly step: 'record'; readonly receipt: Receipt; readonly verdict: ReceiptVerdict }

/** Verifies a receipt file by the published keys and by nothing else: no server, no database [EVD-05]. */
export async function verifyFile(text: string, keys: JSONWebKeySet): Promise<FileVerdict> {
  let file
  try {
    file = receiptFileSchema.parse(JSON.parse(text))
  } catch (error) {
    return { step: 'form', problem: error instanceof Error ? error.message : String(error) }
  }
  let payload: Uint8Array
  try {
    const verified = await compactVerify(file.receipt, createLocalJWKSet(keys), { algorithms: ['EdDSA'] })
    if (verified.protectedHeader.typ !== 'vigie-receipt')
      return { step: 'signature', problem: 'this signed text is no receipt' }
    payload = verified.payload
  } catch (error) {
    if (error instanceof errors.JOSEError) return { step: 'signature', problem: error.code }
    throw error
  }
  const parsed = receiptSchema.safeParse(JSON.parse(new TextDecoder().decode(payload)))
  if (!parsed.success) return { step: 'form', problem: parsed.error.message }
  const receipt = parsed.data as Receipt
  return { step: 'record', receipt, verdict: verifyReceipt(sha256, receipt, file) }
}

const isSalted = (value: object): value is { salt: string; text?: unknown; answers?: unknown } =>
  'salt' in value && typeof value.salt === 'string'

/** Every text with its salt, wherever in a file of ours it stands; answers are a text too. */
function saltedIn(value: unknown): SaltedText[] {
  if (value === null || typeof value !== 'object') return []
  if (!isSalted(value)) return Object.values(value).flatMap(saltedIn)
  const text = value.text ?? value.answers
  return typeof text === 'string' ? [{ salt: value.salt, text }] : []
}

/** Compares the record of a receipt file with the texts in other files: an exported case, the candidate's copy. */
export function verifyTextFiles(receiptFile: string, files: readonly string[]): TextsVerdict {
  const { chain } = receiptFileSchema.parse(JSON.parse(receiptFile))
  const texts = files.flatMap((file) => saltedIn(JSON.parse(file)))
  return verifyTexts(sha256, chain, texts)
}
