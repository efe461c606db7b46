import type { PhotoKind } from '@vigie/exam-engine/catalog/policy'

/** A small grey picture of what stands in the frame: brightness 0 to 255, row by row. */
export interface GreyPicture {
  readonly width: number
  readonly height: number
  readonly luma: Uint8Array
}

export type PhotoAdvice = 'dark' | 'bright' | 'glare' | 'blurred' | 'good'

/** Mean brightness under which a photo tells little, and over which it is washed out. */
const DARK = 55
const BRIGHT = 215
/** A reflection is white through and through; a share of the frame over this hides something. */
const WHITE = 250
const GLARE_SHARE = 0.03
/** Edges of print are steep: their mean step from one point to the next is more than this in a sharp picture. */
const SHARP_STEP = 3.2

/**
 * What to better before the photo is taken [IDN-05]: light first, then a reflection on the document, then sharpness.
 * Reckoned from brightness alone, without any model, on this computer; advice, never a condition.
 */
export function adviseOnPhoto(picture: GreyPicture, kind: PhotoKind): PhotoAdvice {
  const { luma } = picture
  if (luma.length === 0) return 'dark'
  let sum = 0
  let white = 0
  for (const value of luma) {
    sum += value
    if (value >= WHITE) white += 1
  }
  const mean = sum / luma.length
  if (mean < DARK) return 'dark'
  const document = kind !== 'face'
  if (document && white / luma.length > GLARE_SHARE && mean < BRIGHT) return 'glare'
  if (mean > BRIGHT) return 'bright'
  return document && steepness(picture) < SHARP_STEP ? 'blurred' : 'good'
}

/** Mean of how much each point differs from the mean of its neighbours: the sharper, the more. */
export function steepness({ width, height, luma }: GreyPicture): number {
  let sum = 0
  let count = 0
  const at = (x: number, y: number) => luma[y * width + x] ?? 0
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const around = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1)
      sum += Math.abs(at(x, y) - around / 4)
      count += 1
    }
  }
  return count === 0 ? 0 : sum / count
}

/** Where the frame stands in a picture of 4:3, as shares: left, top, width, height. */
const FRAMES: Readonly<Record<'document' | 'face', readonly [number, number, number, number]>> = {
  document: [0.15, 0.2, 0.7, 0.6],
  face: [0.28, 0.1, 0.44, 0.77],
}
const SAMPLE = { width: 240, height: 154 }

/** What stands in the drawn frame now; null while the camera shows nothing. */
export function greyPictureOf(video: HTMLVideoElement, kind: PhotoKind): GreyPicture | null {
  const { videoWidth, videoHeight } = video
  const context = new OffscreenCanvas(SAMPLE.width, SAMPLE.height).getContext('2d', {
    willReadFrequently: true,
  })
  if (videoWidth === 0 || context === null) return null
  const [left, top, width, height] = FRAMES[kind === 'face' ? 'face' : 'document']
  context.drawImage(
    video,
    left * videoWidth,
    top * videoHeight,
    width * videoWidth,
    height * videoHeight,
    0,
    0,
    SAMPLE.width,
    SAMPLE.height,
  )
  const { data } = context.getImageData(0, 0, SAMPLE.width, SAMPLE.height)
  const luma = new Uint8Array(data.length / 4)
  for (let index = 0; index < luma.length; index++) {
    const [red = 0, green = 0, blue = 0] = data.subarray(index * 4, index * 4 + 3)
    luma[index] = 0.299 * red + 0.587 * green + 0.114 * blue
  }
  return { ...SAMPLE, luma }
}
