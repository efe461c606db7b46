import type { Instant } from '@vigie/kernel/instant'
import type { StreamName, StreamStanding } from '../attempt/besides.ts'
import type { Digest } from '../attempt/ids.ts'
import { canonicalJson } from './canonicalJson.ts'
import { GENESIS, type Sha256 } from './chain.ts'

/** The SHA-256 of a piece as it was recorded, said by the page before its bytes [EVD-03]. */
export type PiecePromise = {
  /** 1, 2, 3… in the order in which the promises of the stream came. */
  readonly order: number
  readonly digest: Digest
  /** Digest of the piece promised before it. */
  readonly previous: Digest | null
  readonly bytes: number
  readonly from: Instant
  readonly to: Instant
  /** Server's clock minus the computer's by which these times were reckoned; absent: unknown [EVD-01]. */
  readonly offset?: number | undefined
}

/** Arrived and sealed: SHA-256 of the ciphertext [EVD-04]. `order`: 1, 2, 3… in the order of arrival. */
export type PieceArrival = { readonly order: number; readonly digest: Digest }

/** One piece of a stream. Bytes that nobody promised have an arrival alone. */
export type RecordedPiece = {
  readonly number: number
  readonly promise: PiecePromise | null
  readonly arrival: PieceArrival | null
}

export type RecordedPieces = StreamName & { readonly pieces: readonly RecordedPiece[] }

/** What is hashed of a promise and of an arrival. */
export const promiseText = (number: number, promise: PiecePromise): string =>
  canonicalJson({ number, ...promise })
export const arrivalText = (number: number, arrival: PieceArrival): string =>
  canonicalJson({ number, ...arrival })

/** The head of a list after one more line: it holds every line before it. The first holds on to `GENESIS`. */
export const streamHead = (sha256: Sha256, previous: string, text: string): string =>
  sha256(`${previous}\n${text}`)

export const nameOfStream = ({ track, rendition }: StreamName): string => `${track}/${rendition}`

/** What is wrong with a recorded stream: in which list, at which place (1 = the first), of which piece. */
export type StreamFault = StreamName & {
  readonly list: 'promises' | 'arrivals'
  readonly place: number
  /** Null: the piece is not there. */
  readonly number: number | null
  readonly fault: 'missing' | 'reordered' | 'altered'
}

type Line = { readonly number: number; readonly order: number; readonly text: string }

const LISTS = ['promises', 'arrivals'] as const

/** One list of a stream in its order, as far as `length`. */
function linesOf(
  { pieces }: Pick<RecordedPieces, 'pieces'>,
  list: StreamFault['list'],
  length = Infinity,
): Line[] {
  const lines = pieces.flatMap(({ number, promise, arrival }): Line[] => {
    if (list === 'promises')
      return promise ? [{ number, order: promise.order, text: promiseText(number, promise) }] : []
    return arrival ? [{ number, order: arrival.order, text: arrivalText(number, arrival) }] : []
  })
  return lines.filter(({ order }) => order <= length).sort((a, b) => a.order - b.order)
}

/** The texts of every list in their order: what verification will hash, for whoever must hash beforehand. */
export const streamTexts = (streams: readonly RecordedPieces[]): string[][] =>
  streams.flatMap((stream) => LISTS.map((list) => linesOf(stream, list).map(({ text }) => text)))

/**
 * Do these pieces bear out every head the chain attests, `attested` in its order [EVD-04]? The first fault, or null.
 * What came after the last attestation is nobody's word yet and is not judged.
 */
export function verifyStreams(
  sha256: Sha256,
  streams: readonly RecordedPieces[],
  attested: readonly StreamStanding[],
): StreamFault | null {
  for (const name of new Set(attested.map(nameOfStream))) {
    const standings = attested.filter((standing) => nameOfStream(standing) === name)
    const { track, rendition } = standings[0]!
    const stream = streams.find((one) => nameOfStream(one) === name) ?? { track, rendition, pieces: [] }
    for (const list of LISTS) {
      const heads = standings.map((standing) =>
        list === 'promises'
          ? { length: standing.promised, head: standing.promisedHead }
          : { length: standing.received, head: standing.receivedHead },
      )
      const fault = listFault(sha256, linesOf(stream, list, heads.at(-1)!.length), heads)
      if (!fault) continue
      const altered = list === 'promises' && fault.fault === 'altered' ? brokenPromise(stream, fault) : fault
      return { track, rendition, list, ...altered }
    }
  }
  return null
}

type ListFault = Pick<StreamFault, 'place' | 'number' | 'fault'>

function listFault(
  sha256: Sha256,
  lines: readonly Line[],
  heads: readonly { readonly length: number; readonly head: string }[],
): ListFault | null {
  let head = GENESIS
  let place = 0
  for (const attested of heads) {
    const sound = place
    while (place < attested.length) {
      const line = lines[place]
      place += 1
      if (line?.order !== place) {
        const elsewhere = lines.some(({ order }) => order === place)
        return { place, number: null, fault: elsewhere ? 'reordered' : 'missing' }
      }
      head = streamHead(sha256, head, line.text)
    }
    // Between two heads that hold, the first line is named: it is one of those up to the second.
    if (head !== attested.head)
      return { place: sound + 1, number: lines[sound]?.number ?? null, fault: 'altered' }
  }
  return null
}

/** Promises name the one before them: when a single one was changed, the next one says which. */
function brokenPromise({ pieces }: Pick<RecordedPieces, 'pieces'>, fault: ListFault): ListFault {
  const promised = pieces
    .flatMap(({ number, promise }) => (promise && promise.order >= fault.place ? [{ number, promise }] : []))
    .sort((a, b) => a.number - b.number)
  const broken = promised.find(({ promise }, index) => {
    const next = promised[index + 1]?.promise.previous
    return next !== undefined && next !== null && next !== promise.digest
  })
  return broken ? { ...fault, place: broken.promise.order, number: broken.number } : fault
}
