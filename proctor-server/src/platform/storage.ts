/** Where sealed bytes live. Names are opaque paths made by the server, never by a client. */
export interface Storage {
  /**
   * Writes the whole object; when this resolves the bytes survive a power cut. Throws `StorageFull` when there is no
   * room: nothing of the object then stays.
   */
  put(name: string, bytes: Uint8Array): Promise<void>
  /** The whole object, or null when there is none. */
  get(name: string): Promise<Buffer | null>
  /** Removes one object; removing what is not there is fine. */
  remove(name: string): Promise<void>
  /** Removes everything below a folder, finished or not; resolves when the store lists nothing of it any more. */
  removeAll(folder: string): Promise<void>
  /** The names of everything below a folder, what a crash left unfinished included, in no order. */
  list(folder: string): AsyncIterable<string>
  /** Bytes that still fit, or null where the store does not tell. */
  free(): Promise<number | null>
}

/** The store has no room. It passes: whoever sends keeps what they have and comes back [EVD-02]. */
export class StorageFull extends Error {
  override readonly name = 'StorageFull'
}

const SAFE_NAME = /^[a-z0-9][a-z0-9./-]*$/

/** The name itself, or an error: no name leads out of the store or names a folder by accident. */
export function safeName(name: string): string {
  if (!SAFE_NAME.test(name) || name.includes('..') || name.endsWith('/'))
    throw new Error(`not a storage name: ${name}`)
  return name
}
