/** One picture, four bytes per pixel (red, green, blue, opacity), rows from top to bottom. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
}

/**
 * Writes pictures of one even size as an uncompressed YUV4MPEG2 film (4:2:0), the only kind of file that
 * Chromium's synthetic camera takes without a codec. Chromium plays it again from the start at its end.
 */
export function y4m(pictures: readonly Picture[], framesPerSecond: number): Buffer {
  const first = pictures[0]
  if (first === undefined) throw new RangeError('a film needs a picture')
  const { width, height } = first
  if (width % 2 !== 0 || height % 2 !== 0) throw new RangeError('4:2:0 needs an even width and height')
  const parts: Uint8Array[] = [
    Buffer.from(`YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420\n`),
  ]
  for (const picture of pictures) {
    if (picture.width !== width || picture.height !== height)
      throw new RangeError('all pictures need one size')
    parts.push(Buffer.from('FRAME\n'), yuv420(picture))
  }
  return Buffer.concat(parts)
}

/** BT.601 in the limited range (16–235), as cameras deliver; colour is the mean of each 2×2 square. */
function yuv420({ width, height, pixels }: Picture): Uint8Array {
  const size = width * height
  const planes = new Uint8Array(size + size / 2)
  const at = (offset: number) => pixels[offset] ?? 0
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      let [red, green, blue] = [0, 0, 0]
      for (const index of [y * width + x, y * width + x + 1, (y + 1) * width + x, (y + 1) * width + x + 1]) {
        const [r, g, b] = [at(index * 4), at(index * 4 + 1), at(index * 4 + 2)]
        planes[index] = Math.round(16 + 0.257 * r + 0.504 * g + 0.098 * b)
        red += r / 4
        green += g / 4
        blue += b / 4
      }
      const chroma = (y / 2) * (width / 2) + x / 2
      planes[size + chroma] = Math.round(128 - 0.148 * red - 0.291 * green + 0.439 * blue)
      planes[size + size / 4 + chroma] = Math.round(128 + 0.439 * red - 0.368 * green - 0.071 * blue)
    }
  }
  return planes
}
