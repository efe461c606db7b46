import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

const NONCE = 12
const TAG = 16

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')

/** A secret for a URL or a header: 256 random bits in base64url. */
export const randomToken = (): string => randomBytes(32).toString('base64url')

export const randomSalt = (): string => randomBytes(16).toString('hex')

export const newKey = (): Buffer => randomBytes(32)

/** AES-256-GCM: nonce, ciphertext, tag in one piece. `context` is authenticated, so a piece cannot change places. */
export function seal(key: Uint8Array, plain: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(context))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** The reverse of `seal`; throws when key, context or a single bit differs. */
export function open(key: Uint8Array, sealed: Uint8Array, context: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE))
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
  return Buffer.concat([decipher.update(sealed.subarray(NONCE, sealed.length - TAG)), decipher.final()])
}
