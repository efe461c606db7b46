import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'

/** One file of an archive as its manifest lists it. */
export interface Listed {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

export interface Archive {
  /** The archive as it grows: nothing of a file is read before the one before it has left. */
  readonly stream: NodeJS.ReadableStream
  /** A file whose bytes are made when its turn has come. `stored`: already compressed, as films are. */
  add(name: string, make: () => Promise<Uint8Array>, stored?: boolean): void
  /** The last file, made from the list of all before it. */
  close(name: string, make: (listed: readonly Listed[]) => Promise<Uint8Array>): void
}

/** A ZIP that is never whole in memory: three hours of film pass through as single segments. */
export function createArchive(): Archive {
  const zip = new ZipFile()
  const listed: Listed[] = []
  const put = (name: string, make: () => Promise<Uint8Array>, compress: boolean) => {
    zip.addReadStreamLazy(name, { compress }, (give) => {
      make().then(
        (bytes) => {
          const sha256 = createHash('sha256').update(bytes).digest('hex')
          listed.push({ name, bytes: bytes.length, sha256 })
          give(null, Readable.from([Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)]))
        },
        (error: unknown) => zip.outputStream.emit('error', error),
      )
    })
  }
  return {
    stream: zip.outputStream,
    add: (name, make, stored = false) => put(name, make, !stored),
    close(name, make) {
      put(name, () => make([...listed]), true)
      zip.end()
    },
  }
}
