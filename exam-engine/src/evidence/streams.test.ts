import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StreamStanding } from '../attempt/besides.ts'
import { hash } from '../attempt/testDay.ts'
import { GENESIS } from './chain.ts'
import {
  arrivalText,
  promiseText,
  streamHead,
  verifyStreams,
  type RecordedPiece,
  type RecordedPieces,
} from './streams.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const name = { track: 'camera', rendition: '00000000-0000-7000-8000-00000000cafe' } as const

/** An initialisation and `count` pieces, promised in order and arrived the other way round. */
const recorded = (count: number): RecordedPieces => ({
  ...name,
  pieces: Array.from({ length: count + 1 }, (_, number): RecordedPiece => ({
    number,
    promise: {
      order: number + 1,
      digest: hash(number + 1),
      previous: number === 0 ? null : hash(number),
      bytes: 100 + number,
      from: number * 4_000,
      to: number * 4_000 + 4_000,
    },
    arrival: { order: count + 1 - number, digest: hash(`e${number}`) },
  })),
})

/** What the chain would attest once so many promises and arrivals had come. */
function standing({ pieces }: RecordedPieces, promised: number, received: number): StreamStanding {
  const head = (texts: readonly string[]) =>
    texts.reduce((before, text) => streamHead(sha256, before, text), GENESIS)
  const byOrder = <Line extends { order: number }>(pick: (piece: RecordedPiece) => Line | null) =>
    pieces
      .flatMap((piece) => {
        const line = pick(piece)
        return line ? [{ number: piece.number, line }] : []
      })
      .sort((a, b) => a.line.order - b.line.order)
  return {
    ...name,
    promised,
    promisedHead: head(
      byOrder((piece) => piece.promise)
        .slice(0, promised)
        .map(({ number, line }) => promiseText(number, line)),
    ),
    received,
    receivedHead: head(
      byOrder((piece) => piece.arrival)
        .slice(0, received)
        .map(({ number, line }) => arrivalText(number, line)),
    ),
  }
}

const whole = recorded(9)
const attested = [standing(whole, 3, 1), standing(whole, 7, 5), standing(whole, 10, 10)]
const withPieces = (change: (piece: RecordedPiece) => RecordedPiece | null) => [
  { ...name, pieces: whole.pieces.flatMap((piece) => change(piece) ?? []) },
]

describe('recorded streams under their heads', () => {
  it('[EVD-04.3] hold in any order of the pieces, and whatever came after the last head', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...whole.pieces], { minLength: 10 }),
        fc.integer({ min: 0, max: 3 }),
        (pieces, heads) => {
          expect(verifyStreams(sha256, [{ ...name, pieces }], attested.slice(0, heads))).toBeNull()
        },
      ),
    )
  })

  it('[EVD-04.3] each promise that is missing or altered is named; of its digest even the exact piece', () => {
    for (const { number, promise } of whole.pieces) {
      const place = promise!.order
      const gone = withPieces((piece) => (piece.number === number ? null : piece))
      expect(verifyStreams(sha256, gone, attested)).toMatchObject({
        list: 'promises',
        place,
        number: null,
        fault: 'missing',
      })
      const altered = withPieces((piece) =>
        piece.number === number ? { ...piece, promise: { ...promise!, digest: hash('f') } } : piece,
      )
      const found = verifyStreams(sha256, altered, attested)
      expect(found).toMatchObject({ ...name, list: 'promises', fault: 'altered' })
      // Nothing follows the last one that would tell it from the others under its head.
      if (number < 9) expect(found).toMatchObject({ place, number })
      const longer = withPieces((piece) =>
        piece.number === number ? { ...piece, promise: { ...promise!, to: promise!.to + 1 } } : piece,
      )
      const times = verifyStreams(sha256, longer, attested)
      expect(times?.fault).toBe('altered')
      expect(attested.find((head) => head.promised >= place)!.promised).toBeGreaterThanOrEqual(times!.place)
    }
  })

  it('[EVD-04.3] two promises that changed places, or one told twice, are found', () => {
    const swap = (order: number) => (order === 4 ? 5 : order === 5 ? 4 : order)
    const swapped = withPieces((piece) => ({
      ...piece,
      promise: { ...piece.promise!, order: swap(piece.promise!.order) },
    }))
    expect(verifyStreams(sha256, swapped, attested)).toMatchObject({ list: 'promises', fault: 'altered' })
    const twice = withPieces((piece) => ({
      ...piece,
      promise: { ...piece.promise!, order: Math.max(2, piece.promise!.order) },
    }))
    expect(verifyStreams(sha256, twice, attested)).toMatchObject({ place: 1, fault: 'missing' })
  })

  it('[EVD-04.3] an arrival that is altered, missing or told earlier is found under its head', () => {
    const altered = withPieces((piece) =>
      piece.number === 6 ? { ...piece, arrival: { ...piece.arrival!, digest: hash('f') } } : piece,
    )
    // It arrived fourth: under the second head, which begins with the second arrival.
    expect(verifyStreams(sha256, altered, attested)).toEqual({
      ...name,
      list: 'arrivals',
      place: 2,
      number: 8,
      fault: 'altered',
    })
    const gone = withPieces((piece) => (piece.number === 6 ? { ...piece, arrival: null } : piece))
    expect(verifyStreams(sha256, gone, attested)).toMatchObject({ place: 4, number: null, fault: 'missing' })
  })

  it('[EVD-04.3] a stream that is not there at all is missing from its first piece on', () => {
    expect(verifyStreams(sha256, [], attested)).toEqual({
      ...name,
      list: 'promises',
      place: 1,
      number: null,
      fault: 'missing',
    })
  })

  it('[EVD-04.3] pieces and heads that are forged together still meet the head that is kept elsewhere', () => {
    const forged = withPieces((piece) => ({ ...piece, promise: { ...piece.promise!, bytes: 1 } }))
    const heads = [standing(forged[0]!, 3, 1), standing(forged[0]!, 7, 5), attested[2]!]
    expect(verifyStreams(sha256, forged, heads)).toMatchObject({ fault: 'altered', place: 8 })
  })
})
