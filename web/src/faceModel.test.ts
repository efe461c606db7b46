import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { ByteBuffer } from 'flatbuffers'
import { describe, expect, it } from 'vitest'
import { describedFaceModel } from '../faceModel.ts'

const shipped = readFileSync(
  createRequire(import.meta.url).resolve('@mediapipe/face_detection/face_detection_short_range.tflite'),
)

/** The place of a field of a table; 0 when it is absent. */
const fieldOf = (bytes: ByteBuffer, table: number, index: number): number => {
  const offset = bytes.__offset(table, 4 + 2 * index)
  return offset && table + offset
}

describe('the face model made ready', () => {
  const made = describedFaceModel(shipped)
  const bytes = new ByteBuffer(made)
  const root = bytes.readInt32(0)

  it('[CHK-14] holds the shipped file as it is, at an address its data are aligned for', () => {
    const shift = made.length - shipped.length
    expect(shift % 16).toBe(0)
    expect(Buffer.compare(made.subarray(shift), shipped)).toBe(0)
  })

  it('[CHK-14] names one RGB input, normalised', () => {
    const metadata = bytes.__indirect(bytes.__vector(fieldOf(bytes, root, 6)))
    expect(bytes.__string(fieldOf(bytes, metadata, 0))).toBe('TFLITE_METADATA')
    const buffers = fieldOf(bytes, root, 4)
    const index = bytes.readUint32(fieldOf(bytes, metadata, 1))
    expect(index).toBe(bytes.__vector_len(buffers) - 1)
    const data = fieldOf(bytes, bytes.__indirect(bytes.__vector(buffers) + 4 * index), 0)
    const start = bytes.__vector(data)
    expect(start % 16).toBe(0)
    const inside = new ByteBuffer(made.slice(start, start + bytes.__vector_len(data)))
    expect(inside.__has_identifier('M001')).toBe(true)
    const first = (table: number, field: number): number =>
      inside.__indirect(inside.__vector(fieldOf(inside, table, field)))
    const tensor = first(first(inside.readInt32(0), 3), 2)
    const content = inside.__indirect(fieldOf(inside, tensor, 3))
    expect(inside.readUint8(fieldOf(inside, content, 0))).toBe(2)
    const normalisation = inside.__indirect(fieldOf(inside, first(tensor, 4), 1))
    for (const field of [0, 1])
      expect(inside.readFloat32(inside.__vector(fieldOf(inside, normalisation, field)))).toBe(127.5)
  })

  it('[CHK-14] keeps every buffer the model had', () => {
    const old = new ByteBuffer(shipped)
    const before = fieldOf(old, old.readInt32(0), 4)
    const after = fieldOf(bytes, root, 4)
    const shift = made.length - shipped.length
    for (let index = 0; index < old.__vector_len(before); index += 1)
      expect(bytes.__indirect(bytes.__vector(after) + 4 * index)).toBe(
        shift + old.__indirect(old.__vector(before) + 4 * index),
      )
  })

  it('[CHK-14] refuses what is no model, and what is described already', () => {
    expect(() => describedFaceModel(new Uint8Array(64))).toThrow('not a TFLite model')
    expect(() => describedFaceModel(made)).toThrow('metadata already')
  })
})
