/** As much of fragmented MP4 as tests need: to count and decode pictures, and to move a segment to another time. */

interface Box {
  readonly type: string
  /** First byte after the header, and first byte after the box. */
  readonly begin: number
  readonly end: number
}

function boxes(bytes: Buffer, from = 0, to = bytes.length): Box[] {
  const found: Box[] = []
  for (let at = from; at + 8 <= to;) {
    const size = bytes.readUInt32BE(at)
    const end = size === 0 ? to : at + size
    found.push({ type: bytes.toString('latin1', at + 4, at + 8), begin: at + 8, end })
    at = Math.max(end, at + 8)
  }
  return found
}

const inside = (bytes: Buffer, box: Box, ...path: string[]): Box[] =>
  path.length === 0
    ? [box]
    : boxes(bytes, box.begin, box.end)
        .filter(({ type }) => type === path[0])
        .flatMap((child) => inside(bytes, child, ...path.slice(1)))

const whole = (bytes: Buffer): Box => ({ type: '', begin: 0, end: bytes.length })

export interface TrackFacts {
  readonly id: number
  readonly timescale: number
  readonly video: boolean
  /** Of sound; 0 of pictures. */
  readonly channels: number
  /** Of AVC: the codec's name and what a decoder is configured with. */
  readonly codec: string | null
  readonly description: Buffer | null
}

/** The tracks that an initialisation segment declares. */
export function tracksOf(init: Buffer): TrackFacts[] {
  return inside(init, whole(init), 'moov', 'trak').map((trak) => {
    const one = (...path: string[]) => inside(init, trak, ...path)[0]!
    const tkhd = one('tkhd')
    const mdhd = one('mdia', 'mdhd')
    const hdlr = one('mdia', 'hdlr')
    const stsd = one('mdia', 'minf', 'stbl', 'stsd')
    const [entry] = boxes(init, stsd.begin + 8, stsd.end)
    const video = init.toString('latin1', hdlr.begin + 8, hdlr.begin + 12) === 'vide'
    const avcC =
      entry?.type === 'avc1'
        ? boxes(init, entry.begin + 78, entry.end).find(({ type }) => type === 'avcC')
        : null
    const description = avcC ? init.subarray(avcC.begin, avcC.end) : null
    return {
      id: init.readUInt32BE(tkhd.begin + (init[tkhd.begin] === 1 ? 20 : 12)),
      timescale: init.readUInt32BE(mdhd.begin + (init[mdhd.begin] === 1 ? 20 : 12)),
      video,
      channels: video || !entry ? 0 : init.readUInt16BE(entry.begin + 16),
      codec: description ? `avc1.${description.toString('hex', 1, 4)}` : null,
      description,
    }
  })
}

const trackOf = (bytes: Buffer, traf: Box): number =>
  bytes.readUInt32BE(inside(bytes, traf, 'tfhd')[0]!.begin + 4)

/** A copy of a media segment that plays this many seconds later. */
export function movedBy(segment: Buffer, seconds: number, tracks: readonly TrackFacts[]): Buffer {
  const moved = Buffer.from(segment)
  for (const traf of inside(moved, whole(moved), 'moof', 'traf')) {
    const { timescale } = tracks.find(({ id }) => id === trackOf(moved, traf))!
    const tfdt = inside(moved, traf, 'tfdt')[0]!
    const ticks = Math.round(seconds * timescale)
    if (moved[tfdt.begin] === 1)
      moved.writeBigUInt64BE(moved.readBigUInt64BE(tfdt.begin + 4) + BigInt(ticks), tfdt.begin + 4)
    else moved.writeUInt32BE(moved.readUInt32BE(tfdt.begin + 4) + ticks, tfdt.begin + 4)
  }
  return moved
}

export interface Sample {
  readonly key: boolean
  /** Seconds. */
  readonly duration: number
  readonly data: Buffer
}

const NOT_KEY = 0x00010000

/** The samples of one track in a media segment, in the order of decoding. */
export function samplesOf(segment: Buffer, { id, timescale }: TrackFacts): Sample[] {
  const samples: Sample[] = []
  for (const moof of inside(segment, whole(segment), 'moof')) {
    for (const traf of inside(segment, moof, 'traf')) {
      if (trackOf(segment, traf) !== id) continue
      const tfhd = inside(segment, traf, 'tfhd')[0]!
      const flags = segment.readUInt32BE(tfhd.begin) & 0xffffff
      let at = tfhd.begin + 8
      const next = (bit: number, size = 4): number => {
        if ((flags & bit) === 0) return 0
        at += size
        return segment.readUInt32BE(at - 4)
      }
      next(0x1, 8)
      next(0x2)
      const [duration, size, sampleFlags] = [next(0x8), next(0x10), next(0x20)]
      for (const trun of inside(segment, traf, 'trun')) {
        const kinds = segment.readUInt32BE(trun.begin) & 0xffffff
        const count = segment.readUInt32BE(trun.begin + 4)
        let entry = trun.begin + 8
        const field = (bit: number, otherwise: number): number => {
          if ((kinds & bit) === 0) return otherwise
          entry += 4
          return segment.readUInt32BE(entry - 4)
        }
        let data = moof.begin - 8 + field(0x1, 0)
        const first = field(0x4, sampleFlags)
        for (let index = 0; index < count; index += 1) {
          const lasts = field(0x100, duration)
          const bytes = field(0x200, size)
          const marks = field(0x400, index === 0 ? first : sampleFlags)
          field(0x800, 0)
          samples.push({
            key: (marks & NOT_KEY) === 0,
            duration: lasts / timescale,
            data: segment.subarray(data, data + bytes),
          })
          data += bytes
        }
      }
    }
  }
  return samples
}
