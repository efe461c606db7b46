import type { Shelf } from '#lib/platform/store.ts'

/** Bytes as they lie on the disk of this computer. */
export interface SealedBytes {
  readonly iv: Uint8Array<ArrayBuffer>
  readonly sealed: ArrayBuffer
}

/** Seals and opens with a key that cannot leave this browser profile; `name` is authenticated with the bytes. */
export interface Sealer {
  seal(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<SealedBytes>
  /** Null when the bytes are spoiled, or those of another name. */
  open(name: string, stored: SealedBytes): Promise<Uint8Array<ArrayBuffer> | null>
}

/** The key of this attempt in this browser; made once, and not even this page can read it out. */
async function keyOf(shelf: Shelf, place: string): Promise<CryptoKey> {
  const kept = await shelf.read(place)
  if (kept instanceof CryptoKey) return kept
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
  await shelf.write(place, made)
  return made
}

export async function openSealer(shelf: Shelf, attempt: string): Promise<Sealer> {
  const key = await keyOf(shelf, `${attempt}/key`)
  const how = (name: string, iv: Uint8Array<ArrayBuffer>) => ({
    name: 'AES-GCM',
    iv,
    additionalData: new TextEncoder().encode(name),
  })
  return {
    async seal(name, bytes) {
      const iv = crypto.getRandomValues(new Uint8Array(12))
      return { iv, sealed: await crypto.subtle.encrypt(how(name, iv), key, bytes) }
    },
    open: (name, { iv, sealed }) =>
      crypto.subtle.decrypt(how(name, iv), key, sealed).then(
        (bytes) => new Uint8Array(bytes),
        () => null,
      ),
  }
}
