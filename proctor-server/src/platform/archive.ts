import { createHash } from 'node:crypto'
import { Readable, type PassThrough } from 'node:stream'
import { ZipFile } from 'yazl'

/** One file of an archive as its manifest lists it. */
export interface Listed {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** What a file holds: made at once, or piece by piece. */
type Content = Uint8Array | AsyncIterable<Uint8Array>

export interface Archive {
  /** The archive as it grows: nothing of a file is read before the one before it has left. Fails with the first file that does. */
  readonly stream: NodeJS.ReadableStream
  /**
   * A file whose content is made when its turn has come, from the list of all before it. `stored`: already compressed, as
   * films are.
   */
  add(
    name: string,
    make: (before: readonly Listed[]) => Content | Promise<Content>,
    how?: { readonly stored: boolean },
  ): void
  /** Nothing more comes. */
  close(): void
}

async function* pieces(content: Content): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) yield content
  else yield* content
}

/** A ZIP that is never whole in memory: three hours of film pass through as single segments. */
export function createArchive(): Archive {
  const zip = new ZipFile()
  const listed: Listed[] = []
  const stream = zip.outputStream as PassThrough
  // Whoever reads the archive is told that a file failed, and may come late: an error that nobody hears ends the process.
  stream.on('error', () => undefined)
  const fail = (error: Error) => void stream.destroy(error)
  return {
    stream,
    add(name, make, { stored } = { stored: false }) {
      async function* content(): AsyncGenerator<Uint8Array> {
        const hash = createHash('sha256')
        let bytes = 0
        for await (const piece of pieces(await make([...listed]))) {
          hash.update(piece)
          bytes += piece.length
          yield piece
        }
        listed.push({ name, bytes, sha256: hash.digest('hex') })
      }
      zip.addReadStreamLazy(name, { compress: !stored }, (give) =>
        give(null, Readable.from(content(), { objectMode: false }).on('error', fail)),
      )
    },
    close: () => zip.end(),
  }
}
