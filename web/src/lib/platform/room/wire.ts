/**
 * A reader and writer of Protocol Buffers, as far as LiveKit's signalling needs it (decision 14): a message is a table
 * of its fields, what a table does not name is skipped.
 */
type Scalar = 'string' | 'number' | 'boolean' | 'float'

/** A scalar, another message, or a list of one of them. `number` is a varint: any integer or enum. */
type Kind = Scalar | Table | readonly ['string' | Table]

/** Each field's number on the wire, and what it holds. */
export interface Table {
  readonly [name: string]: readonly [number: number, kind: Kind]
}

type Value<K> = K extends 'string'
  ? string
  : K extends 'number' | 'float'
    ? number
    : K extends 'boolean'
      ? boolean
      : K extends readonly [infer One]
        ? readonly Value<One>[]
        : K extends Table
          ? Message<K>
          : never

/** A message that was read: what was not sent is empty, zero or false; an inner message then is missing. */
export type Message<T extends Table> = {
  readonly [Name in keyof T]: T[Name][1] extends Table ? Value<T[Name][1]> | undefined : Value<T[Name][1]>
}

type Written<K> = K extends readonly [infer One]
  ? readonly Written<One>[]
  : K extends Table
    ? Draft<K>
    : Value<K>

/** A message to be sent: what is left out stays at its default. */
export type Draft<T extends Table> = { readonly [Name in keyof T]?: Written<T[Name][1]> | undefined }

const VARINT = 0
const FIXED_64 = 1
const LENGTH = 2
const FIXED_32 = 5

export function encode<T extends Table>(table: T, message: Draft<T>): Uint8Array<ArrayBuffer> {
  const bytes: number[] = []
  const varint = (value: number) => {
    let rest = value
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
    bytes.push(rest)
  }
  const block = (number: number, content: Uint8Array) => {
    varint(number * 8 + LENGTH)
    varint(content.length)
    for (const byte of content) bytes.push(byte)
  }
  function put(number: number, kind: Scalar | Table, value: unknown): void {
    if (kind === 'string') return block(number, new TextEncoder().encode(value as string))
    if (typeof kind === 'object') return block(number, encode(kind, value as Draft<Table>))
    varint(number * 8 + (kind === 'float' ? FIXED_32 : VARINT))
    if (kind === 'float') bytes.push(...new Uint8Array(new Float32Array([value as number]).buffer))
    else varint(Number(value))
  }
  for (const [name, [number, kind]] of Object.entries(table)) {
    const value = message[name]
    if (value === undefined) continue
    if (isList(kind)) for (const one of value as readonly unknown[]) put(number, kind[0], one)
    else put(number, kind, value)
  }
  return new Uint8Array(bytes)
}

const isList = (kind: Kind): kind is readonly ['string' | Table] => Array.isArray(kind)

const empty = (kind: Kind): unknown =>
  isList(kind)
    ? []
    : kind === 'string'
      ? ''
      : kind === 'boolean'
        ? false
        : typeof kind === 'object'
          ? undefined
          : 0

/** @throws RangeError when the bytes end too early or make no sense */
export function decode<T extends Table>(table: T, bytes: Uint8Array): Message<T> {
  const fields = new Map(Object.entries(table).map(([name, [number, kind]]) => [number, { name, kind }]))
  const message = Object.fromEntries(Object.entries(table).map(([name, [, kind]]) => [name, empty(kind)]))
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0

  function varint(): number {
    let value = 0
    for (let power = 1; ; power *= 128) {
      const byte = view.getUint8(at++)
      value += (byte & 127) * power
      if (byte < 128) return value
    }
  }
  function block(): Uint8Array {
    const length = varint()
    if (at + length > bytes.length) throw new RangeError('a field ends beyond its message')
    at += length
    return bytes.subarray(at - length, at)
  }
  function read(kind: Scalar | Table, wire: number): unknown {
    if (wire === LENGTH) {
      const content = block()
      return typeof kind === 'object' ? decode(kind, content) : new TextDecoder().decode(content)
    }
    if (wire === FIXED_32) return view.getFloat32((at += 4) - 4, true)
    const value = varint()
    return kind === 'boolean' ? value > 0 : value
  }
  function skip(wire: number): void {
    if (wire === VARINT) varint()
    else if (wire === LENGTH) block()
    else if (wire === FIXED_32 || wire === FIXED_64) at += wire === FIXED_32 ? 4 : 8
    else throw new RangeError(`wire type ${wire}`)
  }

  while (at < bytes.length) {
    const tag = varint()
    const field = fields.get(Math.floor(tag / 8))
    const wire = tag % 8
    if (!field || !fits(field.kind, wire)) skip(wire)
    else if (isList(field.kind)) (message[field.name] as unknown[]).push(read(field.kind[0], wire))
    else message[field.name] = read(field.kind, wire)
  }
  return message as Message<T>
}

const fits = (kind: Kind, wire: number): boolean =>
  wire === (kind === 'float' ? FIXED_32 : kind === 'number' || kind === 'boolean' ? VARINT : LENGTH)
