import { Builder, ByteBuffer } from 'flatbuffers'

/**
 * The face detector of npm's `@mediapipe/face_detection` was made for an older library; today's wants to be told, inside
 * the file, how pictures go in [CHK-14]. A TFLite file is a FlatBuffer, in which offsets only point forward: so a new
 * root is written in front of the old file, which stays as it is, byte for byte.
 */

/** Fields of the tables that are read or written here, by their place in the TFLite schema. */
const MODEL = { version: 0, operatorCodes: 1, subgraphs: 2, description: 3, buffers: 4, metadata: 6 } as const
const METADATA_NAME = 'TFLITE_METADATA'
/** Data of a buffer stands at a multiple of this. */
const ALIGNMENT = 16

/** The model with its normalisation and its one RGB input written into it. Throws when the file is no TFLite model. */
export function describedFaceModel(model: Uint8Array): Uint8Array {
  const old = new ByteBuffer(model)
  if (!old.__has_identifier('TFL3')) throw new Error('not a TFLite model')
  const root = old.readInt32(0)
  const field = (index: number): number => {
    const offset = old.__offset(root, 4 + 2 * index)
    if (offset === 0) throw new Error(`a TFLite model without field ${index}`)
    return root + offset
  }
  if (old.__offset(root, 4 + 2 * MODEL.metadata) !== 0) throw new Error('this model has metadata already')
  const vectorAt = (index: number): number => old.__indirect(field(index))
  const buffers = vectorAt(MODEL.buffers)
  const count = old.readInt32(buffers)

  const content = inputMetadata()
  const name = new TextEncoder().encode(METADATA_NAME)
  // Laid out in the order in which they are pointed to; each a multiple of four, the old file at a multiple of sixteen.
  let end = 8
  const place = (size: number, alignment = 4, before = 0): number => {
    const at = Math.ceil((end + before) / alignment) * alignment - before
    end = at + size
    return at
  }
  const vtable = place(4 + 2 * 7 + 2)
  const table = place(4 + 4 * 6)
  const newBuffers = place(4 + 4 * (count + 1))
  const newMetadata = place(4 + 4)
  const entryVtable = place(8)
  const entry = place(12)
  const entryName = place(4 + name.length + 1)
  const bufferVtable = place(8)
  const buffer = place(8)
  const data = place(4 + content.length, ALIGNMENT, 4)
  const shift = place(0, ALIGNMENT)

  const file = new Uint8Array(shift + model.length)
  const view = new DataView(file.buffer)
  const u16 = (at: number, value: number) => view.setUint16(at, value, true)
  const u32 = (at: number, value: number) => view.setUint32(at, value, true)
  /** A forward offset at `at` to what stands at `target`. */
  const point = (at: number, target: number) => u32(at, target - at)
  file.set(model, shift)

  point(0, table)
  file.set(new TextEncoder().encode('TFL3'), 4)
  u16(vtable, 4 + 2 * 7)
  u16(vtable + 2, 4 + 4 * 6)
  view.setInt32(table, table - vtable, true)
  const set = (index: number, slot: number, write: (at: number) => void) => {
    u16(vtable + 4 + 2 * index, 4 + 4 * slot)
    write(table + 4 + 4 * slot)
  }
  set(MODEL.version, 0, (at) => u32(at, old.readUint32(field(MODEL.version))))
  set(MODEL.operatorCodes, 1, (at) => point(at, shift + vectorAt(MODEL.operatorCodes)))
  set(MODEL.subgraphs, 2, (at) => point(at, shift + vectorAt(MODEL.subgraphs)))
  set(MODEL.description, 3, (at) => point(at, shift + vectorAt(MODEL.description)))
  set(MODEL.buffers, 4, (at) => point(at, newBuffers))
  set(MODEL.metadata, 5, (at) => point(at, newMetadata))

  u32(newBuffers, count + 1)
  for (let index = 0; index < count; index += 1)
    point(newBuffers + 4 + 4 * index, shift + old.__indirect(buffers + 4 + 4 * index))
  point(newBuffers + 4 + 4 * count, buffer)

  u32(newMetadata, 1)
  point(newMetadata + 4, entry)
  for (const [at, slot] of [
    [entryVtable, [8, 12, 4, 8]],
    [bufferVtable, [6, 8, 4, 0]],
  ] as const)
    slot.forEach((value, index) => u16(at + 2 * index, value))
  view.setInt32(entry, entry - entryVtable, true)
  point(entry + 4, entryName)
  u32(entry + 8, count)
  u32(entryName, name.length)
  file.set(name, entryName + 4)
  view.setInt32(buffer, buffer - bufferVtable, true)
  point(buffer + 4, data)
  u32(data, content.length)
  file.set(content, data + 4)
  return file
}

/** « M001 »: one input, an RGB picture whose 0…255 become −1…1. */
function inputMetadata(): Uint8Array {
  const builder = new Builder(512)
  const floats = (value: number): number => {
    builder.startVector(4, 1, 4)
    builder.addFloat32(value)
    return builder.endVector()
  }
  const tables = (...offsets: number[]): number => {
    builder.startVector(4, offsets.length, 4)
    for (const offset of offsets.toReversed()) builder.addOffset(offset)
    return builder.endVector()
  }
  const table = (fields: number, write: () => void): number => {
    builder.startObject(fields)
    write()
    return builder.endObject()
  }
  const mean = floats(127.5)
  const deviation = floats(127.5)
  const normalisation = table(2, () => {
    builder.addFieldOffset(0, mean, 0)
    builder.addFieldOffset(1, deviation, 0)
  })
  const processUnit = table(2, () => {
    builder.addFieldInt8(0, 1, 0) // NormalizationOptions
    builder.addFieldOffset(1, normalisation, 0)
  })
  const processUnits = tables(processUnit)
  const image = table(2, () => builder.addFieldInt8(0, 1, 0)) // RGB
  const content = table(3, () => {
    builder.addFieldInt8(0, 2, 0) // ImageProperties
    builder.addFieldOffset(1, image, 0)
  })
  const input = builder.createString('image')
  const tensor = table(7, () => {
    builder.addFieldOffset(0, input, 0)
    builder.addFieldOffset(3, content, 0)
    builder.addFieldOffset(4, processUnits, 0)
  })
  const inputs = tables(tensor)
  const subgraph = table(10, () => builder.addFieldOffset(2, inputs, 0))
  const subgraphs = tables(subgraph)
  const name = builder.createString('Face detector, short range')
  builder.finish(
    table(8, () => {
      builder.addFieldOffset(0, name, 0)
      builder.addFieldOffset(3, subgraphs, 0)
    }),
    'M001',
  )
  return builder.asUint8Array()
}
