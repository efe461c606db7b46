import { expect, test } from 'vitest'
import { cameraFrames } from './cameras.ts'
import { marks } from './portrait.ts'
import { y4m, type Picture } from './y4m.ts'

function plain(width: number, height: number, colour: readonly [number, number, number]): Picture {
  return {
    width,
    height,
    pixels: new Uint8Array(Array.from({ length: width * height }, () => [...colour, 255]).flat()),
  }
}

test('a film is a header, then each picture as luma and two quartered chroma planes', () => {
  const film = y4m([plain(4, 2, [255, 255, 255]), plain(4, 2, [255, 0, 0])], 12)
  const header = 'YUV4MPEG2 W4 H2 F12:1 Ip A1:1 C420\n'
  expect(film.subarray(0, header.length).toString()).toBe(header)
  const frame = 'FRAME\n'.length + 4 * 2 * 1.5
  expect(film.length).toBe(header.length + 2 * frame)
  const [white, red] = [0, 1].map((n) => [
    ...film.subarray(header.length + n * frame + 6, header.length + (n + 1) * frame),
  ])
  expect(white).toEqual([...Array<number>(8).fill(235), ...Array<number>(4).fill(128)])
  expect(red).toEqual([...Array<number>(8).fill(82), 90, 90, 240, 240])
})

test('odd sizes and mixed sizes are refused', () => {
  expect(() => y4m([plain(3, 2, [0, 0, 0])], 12)).toThrow(RangeError)
  expect(() => y4m([plain(2, 2, [0, 0, 0]), plain(4, 2, [0, 0, 0])], 12)).toThrow(RangeError)
  expect(() => y4m([], 12)).toThrow(RangeError)
})

test('the pictures of a sitter count themselves and show their colour at every size', () => {
  for (const size of ['640x480', '320x240'] as const) {
    const frames = cameraFrames({ kind: 'sitter', sitter: { label: 'B2', colour: '#b91c1c' }, size })
    expect(frames.map(counted)).toEqual(frames.map((_, index) => index))
    for (const frame of frames) expect(pixel(frame, marks.patch.x, marks.patch.y)).toEqual([0xb9, 0x1c, 0x1c])
  }
})

test('a covered lens gives black', () => {
  const [first] = cameraFrames({ kind: 'black', size: '320x240' })
  expect(first?.pixels.every((value, index) => value === (index % 4 === 3 ? 255 : 0))).toBe(true)
})

function counted(picture: Picture): number {
  return marks.counter.bits.reduce(
    (count, x, bit) => count + ((pixel(picture, x, marks.counter.y)[0] ?? 0) > 127 ? 1 << bit : 0),
    0,
  )
}

function pixel({ width, height, pixels }: Picture, x: number, y: number): number[] {
  const offset = 4 * (Math.floor(y * height) * width + Math.floor(x * width))
  return [...pixels.subarray(offset, offset + 3)]
}
