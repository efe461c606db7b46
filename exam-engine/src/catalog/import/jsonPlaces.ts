/** Where things of a JSON text are, by line counted from 1. */
export type JsonPlaces = {
  /** The line at which it stops being JSON; null when all of it is. */
  readonly broken: number | null
  /** Of each value by its way from the root (`parts/0/questions/2`), as deep as was asked. */
  readonly lines: ReadonlyMap<string, number>
}

/** A list or an object that is open; `at`: the key or the place of what is being read in it. */
type Open = { readonly list: boolean; at: string | number }

const SPACE = /[\t\n\r ]*/y
const STRING = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy
const PLAIN = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'next' | 'nothing'

/** Walks through a JSON text as `JSON.parse` does, only to tell lines: what is read is the parser's word. */
export function jsonPlaces(text: string, depth: number): JsonPlaces {
  const lines = new Map<string, number>()
  const open: Open[] = []
  let expect: Expected = 'value'
  let at = 0
  let line = 1
  const taken = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? null
    if (found !== null) at += found.length
    return found
  }
  const afterValue = (): Expected => (open.length > 0 ? 'next' : 'nothing')
  for (;;) {
    line += (taken(SPACE) ?? '').split('\n').length - 1
    const sign = text[at]
    if (sign === undefined) return { broken: expect === 'nothing' ? null : line, lines }
    const here = open.at(-1)
    const ends = expect === 'next' || expect === 'value or end' || expect === 'key or end'
    if (ends && here && sign === (here.list ? ']' : '}')) {
      at += 1
      open.pop()
      expect = afterValue()
    } else if (expect === 'value' || expect === 'value or end') {
      if (open.length <= depth) lines.set(open.map((one) => one.at).join('/'), line)
      if (sign === '{' || sign === '[') {
        at += 1
        open.push({ list: sign === '[', at: 0 })
        expect = sign === '[' ? 'value or end' : 'key or end'
      } else if (taken(sign === '"' ? STRING : PLAIN) !== null) expect = afterValue()
      else return { broken: line, lines }
    } else if ((expect === 'key' || expect === 'key or end') && here) {
      const key = taken(STRING)
      if (key === null) return { broken: line, lines }
      here.at = JSON.parse(key) as string
      expect = 'colon'
    } else if (expect === 'colon' && sign === ':') {
      at += 1
      expect = 'value'
    } else if (expect === 'next' && sign === ',' && here) {
      at += 1
      if (here.list) here.at = Number(here.at) + 1
      expect = here.list ? 'value' : 'key'
    } else return { broken: line, lines }
  }
}
