import type { FastifyInstance } from 'fastify'
import {
  calculateJwkThumbprint,
  CompactSign,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importPKCS8,
  type JWK,
} from 'jose'
import { createPublicKey } from 'node:crypto'
import type { Clock } from './clock.ts'
import type { Database, Reader } from './database.ts'
import { obtainSecretFile } from './secretFile.ts'

/** Ed25519, as a JWS names it. */
const ALGORITHM = 'EdDSA'

/** What a signature is about; stands in the header as `typ`, so that no statement can pass for another kind. */
export type StatementType = 'vigie-receipt' | 'vigie-destruction' | 'vigie-chain-heads' | 'vigie-case'

/** A key that anybody may verify with. `retiredAt`: it signs nothing new since (epoch ms), what it signed stays good. */
export interface PublishedKey extends JWK {
  readonly kid: string
  readonly createdAt: number
  readonly retiredAt?: number
}

/** Signs what must be believed by somebody who does not trust our database [EVD-05] [RET-03]. */
export interface Signing {
  /** Compact JWS over the exact text given (canonical JSON by the caller). */
  sign(type: StatementType, text: string): Promise<string>
  /** All keys that ever signed, the present one first. */
  publicKeys(): Promise<PublishedKey[]>
}

async function newSigningKey(): Promise<Buffer> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true })
  return Buffer.from(await exportPKCS8(privateKey))
}

async function publishedKeys(db: Reader): Promise<PublishedKey[]> {
  const rows = await db
    .selectFrom('signing_key')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('kid')
    .execute()
  return rows.map(({ kid, public_jwk, created_at, retired_at }) => ({
    ...(public_jwk as unknown as JWK),
    kid,
    alg: ALGORITHM,
    use: 'sig',
    createdAt: created_at,
    ...(retired_at === null ? {} : { retiredAt: retired_at }),
  }))
}

/**
 * Opens the signing key in `file` (PKCS#8 PEM, Ed25519; made when missing) and publishes its public half in the
 * database. Replacing the file and starting again rotates the key: the one before is retired and stays published.
 * Throws when the file holds something else.
 */
export async function openSigning(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly file: string
}): Promise<Signing> {
  const { db, clock, file } = deps
  const pem = (await obtainSecretFile(file, newSigningKey)).toString('utf8')
  const key = await importPKCS8(pem, ALGORITHM)
  const jwk = await exportJWK(createPublicKey(pem))
  const kid = await calculateJwkThumbprint(jwk)
  const now = clock.now()
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('signing_key')
      .values({ kid, public_jwk: JSON.stringify(jwk), created_at: now, retired_at: null })
      .onConflict((conflict) => conflict.column('kid').doUpdateSet({ retired_at: null }))
      .execute()
    await tx
      .updateTable('signing_key')
      .set({ retired_at: now })
      .where('kid', '<>', kid)
      .where('retired_at', 'is', null)
      .execute()
  })
  return {
    sign: (type, text) =>
      new CompactSign(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: ALGORITHM, kid, typ: type })
        .sign(key),
    async publicKeys() {
      const keys = await publishedKeys(db)
      return keys.sort((a, b) => Number(b.kid === kid) - Number(a.kid === kid))
    },
  }
}

/** Where everybody finds the keys, retired ones too: a JWK set. */
export const KEYS_PATH = '/.well-known/jwks.json'

export function signingRoutes(app: FastifyInstance, signing: Signing): void {
  app.get(KEYS_PATH, async (_request, reply) =>
    reply
      .header('cache-control', 'public, max-age=300')
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
      .send({ keys: await signing.publicKeys() }),
  )
}
