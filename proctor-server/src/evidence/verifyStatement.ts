import { canonicalJson } from '@vigie/exam-engine/evidence/canonicalJson'
import { verifyInclusion } from '@vigie/exam-engine/evidence/merkle'
import { proofSchema } from '@vigie/contract/evidence/custody'
import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose'
import { sha256 } from '../platform/keys.ts'

export type StatementVerdict =
  { readonly holds: true; readonly about: string } | { readonly holds: false; readonly problem: string }

const no = (problem: string): StatementVerdict => ({ holds: false, problem })

/** What was signed, if a published key signed it as a statement of this type. */
export async function signedText(
  jws: string,
  type: string,
  keys: JSONWebKeySet,
): Promise<{ text: string } | { problem: string }> {
  try {
    const { payload, protectedHeader } = await compactVerify(jws.trim(), createLocalJWKSet(keys), {
      algorithms: ['EdDSA'],
    })
    if (protectedHeader.typ !== type) return { problem: `this signed text is a ${protectedHeader.typ}` }
    return { text: new TextDecoder().decode(payload) }
  } catch (error) {
    if (error instanceof errors.JOSEError) return { problem: `signature refused: ${error.code}` }
    throw error
  }
}

/** Verifies a certificate of destruction by the published keys and by nothing else [RET-03]. */
export async function verifyCertificate(jws: string, keys: JSONWebKeySet): Promise<StatementVerdict> {
  const signed = await signedText(jws, 'vigie-destruction', keys)
  if ('problem' in signed) return no(signed.problem)
  const { attempt, completedAt } = JSON.parse(signed.text) as { attempt: string; completedAt: number }
  const at = Temporal.Instant.fromEpochMilliseconds(completedAt).toString()
  return { holds: true, about: `destruction of attempt ${attempt}, complete at ${at}` }
}

/**
 * Verifies that an attempt's chain stood under the signed head of a day [EVD-05]: the file that `/api/heads/DAY/proofs/…`
 * gives. Compare its root with the one that was mailed out: this is what makes it worth more than the server's word.
 */
export async function verifyProof(text: string, keys: JSONWebKeySet): Promise<StatementVerdict> {
  const parsed = proofSchema.safeParse(JSON.parse(text))
  if (!parsed.success) return no('this is no proof of a daily head')
  const { head, leaf, steps } = parsed.data
  const { jws, ...said } = head
  const signed = await signedText(jws, 'vigie-chain-heads', keys)
  if ('problem' in signed) return no(signed.problem)
  if (signed.text !== canonicalJson(said)) return no('the head says something else than what was signed')
  if (!verifyInclusion(sha256, leaf, steps, head.root)) return no('the steps do not lead to the root')
  return {
    holds: true,
    about: `attempt ${leaf.attempt}, ${leaf.length} events, under the head of ${head.day}, root ${head.root}`,
  }
}
