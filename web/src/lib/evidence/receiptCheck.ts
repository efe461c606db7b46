import { receiptFileSchema, receiptSchema, type ReceiptFile } from '@vigie/contract/evidence/receipt'
import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import { answerStreamTexts } from '@vigie/exam-engine/evidence/answerStream'
import { GENESIS, type ChainLink } from '@vigie/exam-engine/evidence/chain'
import type { Receipt } from '@vigie/exam-engine/evidence/receipt'
import { streamTexts } from '@vigie/exam-engine/evidence/streams'
import {
  eventOf,
  verifyReceipt,
  type ReceiptGround,
  type ReceiptVerdict,
} from '@vigie/exam-engine/evidence/verifyReceipt'
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose'
import { sha256 } from '#lib/platform/sha256.ts'

/** What this browser found out about a receipt file, by itself [EVD-05]. */
export type ReceiptFindings =
  | { readonly kind: 'unreadable' }
  /** No published key made this signature, or the signed text was changed. */
  | { readonly kind: 'unsigned' }
  | {
      readonly kind: 'signed'
      readonly receipt: Receipt
      /** The record that came in the file, chain and recorded pieces. */
      readonly enclosed: ReceiptVerdict
    }

/** The browser hashes in the background: everything the verification will ask for is hashed before it begins. */
async function hashesFor({ chain, streams }: ReceiptGround): Promise<(text: string) => string> {
  const hashes = new Map<string, string>()
  const hash = async (previous: string, text: string): Promise<string> => {
    const asked = `${previous}\n${text}`
    const found = await sha256(asked)
    hashes.set(asked, found)
    return found
  }
  let previous = GENESIS
  for (const link of chain) {
    await hash(previous, link.text)
    // What follows was hashed with what the record says, right or wrong.
    previous = link.hash
  }
  for (const saved of answerStreamTexts(chain.flatMap(readable))) await hash(saved.previous, saved.text)
  for (const texts of streamTexts(streams)) {
    let head = GENESIS
    for (const text of texts) head = await hash(head, text)
  }
  return (text) => hashes.get(text) ?? ''
}

/** A link whose text is no event is found broken by its hash. */
function readable(link: ChainLink): AttemptEvent[] {
  try {
    return [eventOf(link)]
  } catch {
    return []
  }
}

/** Does this record bear the receipt out? */
export const checkRecord = async (receipt: Receipt, ground: ReceiptGround): Promise<ReceiptVerdict> =>
  verifyReceipt(await hashesFor(ground), receipt, ground)

/** The file's form; null when it is none of ours. */
export function readReceiptFile(text: string): ReceiptFile | null {
  try {
    return receiptFileSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** The receipt whose signature one of the keys made; null when none did. */
export async function signedReceipt(jws: string, keys: JSONWebKeySet): Promise<Receipt | null> {
  try {
    const { payload, protectedHeader } = await compactVerify(jws, createLocalJWKSet(keys), {
      algorithms: ['EdDSA'],
    })
    if (protectedHeader.typ !== 'vigie-receipt') return null
    return receiptSchema.parse(JSON.parse(new TextDecoder().decode(payload))) as Receipt
  } catch {
    return null
  }
}

/** Signature by the published keys, then the enclosed record: nothing is asked of anybody. */
export async function checkReceipt(text: string, keys: JSONWebKeySet): Promise<ReceiptFindings> {
  const file = readReceiptFile(text)
  if (!file) return { kind: 'unreadable' }
  const receipt = await signedReceipt(file.receipt, keys)
  if (!receipt) return { kind: 'unsigned' }
  return { kind: 'signed', receipt, enclosed: await checkRecord(receipt, file) }
}
