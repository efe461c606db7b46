import type { FastifyInstance } from 'fastify'
import type { Instant } from '@vigie/kernel/instant'
import type { Database, Reader } from '../platform/database.ts'
import { randomToken } from '../platform/keys.ts'
import { Refused } from '../platform/refused.ts'
import { keepPicture, readPicture } from './paperStore.ts'

const LIMIT = 2_000_000

const SIGNATURES: readonly { readonly type: string; readonly fits: (bytes: Buffer) => boolean }[] = [
  {
    type: 'image/png',
    fits: (bytes) => bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')),
  },
  { type: 'image/jpeg', fits: (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff },
  { type: 'image/gif', fits: (bytes) => /^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6)) },
  {
    type: 'image/webp',
    fits: (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
  },
]

/** What a picture is by its bytes; null when it is none that is kept, or too large. */
export const pictureType = (bytes: Buffer): string | null =>
  bytes.length > LIMIT ? null : (SIGNATURES.find(({ fits }) => fits(bytes))?.type ?? null)

/**
 * Keeps a picture of a paper and gives its address. The bytes say what it is, never its name: SVG and whatever else could
 * hold a script is refused `picture-invalid`.
 */
export async function addPicture(tx: Reader, paper: string, bytes: Buffer, now: Instant): Promise<string> {
  const type = pictureType(bytes)
  if (!type) throw new Refused('picture-invalid')
  const id = randomToken()
  await keepPicture(tx, { id, paper, type, bytes }, now)
  return `/api/pictures/${id}`
}

/**
 * Pictures of papers, on our own origin. Their address holds 256 random bits and is told only with the question itself, so
 * it needs no sign-in: an image of a page sends no credential, and an expired sign-in must not blind an exam [IDN-09].
 * Never changed, so that a page that reloads without a network still shows them [ROOM-04].
 */
export function pictureRoutes(app: FastifyInstance, db: Database): void {
  app.get<{ Params: { picture: string } }>('/api/pictures/:picture', async (request, reply) => {
    const picture = /^[\w-]{20,100}$/.test(request.params.picture)
      ? await readPicture(db, request.params.picture)
      : null
    if (!picture) throw new Refused('not-found')
    return reply
      .type(picture.type)
      .header('cache-control', 'private, max-age=31536000, immutable')
      .send(picture.content)
  })
}
