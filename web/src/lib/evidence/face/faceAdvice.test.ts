import { describe, expect, it } from 'vitest'
import { adviseOnFace } from './faceAdvice.ts'
import type { FaceBox } from './faceMessages.ts'

const ASPECT = 4 / 3
/** A face of a height in shares of the picture's, its middle at x and y; as wide as high. */
const face = (height: number, x = 0.5, y = 0.48): FaceBox => ({
  left: x - height / ASPECT / 2,
  top: y - height / 2,
  width: height / ASPECT,
  height,
})

describe('advice on the framing of a face', () => {
  it('[CHK-14, IDN-05] has nothing to better where one face stands large in the middle', () => {
    expect(adviseOnFace([face(0.45)], ASPECT)).toBeNull()
    expect(adviseOnFace([face(0.45)], 16 / 9)).toBeNull()
  })

  it('[CHK-14, IDN-05] wants one face, and no other', () => {
    expect(adviseOnFace([], ASPECT)).toBe('no-face')
    expect(adviseOnFace([face(0.45), face(0.1, 0.1)], ASPECT)).toBe('several-faces')
  })

  it('[CHK-14, IDN-05] wants it neither far away nor close', () => {
    expect(adviseOnFace([face(0.24)], ASPECT)).toBe('small-face')
    expect(adviseOnFace([face(0.26)], ASPECT)).toBeNull()
    expect(adviseOnFace([face(0.69)], ASPECT)).toBeNull()
    expect(adviseOnFace([face(0.71)], ASPECT)).toBe('large-face')
  })

  it('[CHK-14, IDN-05] wants it in the oval, by the same distance in every shape of picture', () => {
    for (const aspect of [ASPECT, 16 / 9]) {
      expect(adviseOnFace([face(0.45, 0.5 + 0.15 / aspect)], aspect)).toBeNull()
      expect(adviseOnFace([face(0.45, 0.5 - 0.17 / aspect)], aspect)).toBe('off-centre')
    }
    expect(adviseOnFace([face(0.45, 0.5, 0.7)], ASPECT)).toBe('off-centre')
  })
})
