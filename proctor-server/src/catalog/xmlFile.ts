import { decodeReferences } from '@vigie/exam-engine/catalog/import/html'
import type { XmlElement } from '@vigie/exam-engine/catalog/import/moodle'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { Refused } from '../platform/refused.ts'

/** Deeper than this is no export of a question bank. */
const DEPTH_LIMIT = 60

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  // Nothing of a file is ever expanded: « billion laughs » and foreign entities stay the text they are.
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  cdataPropName: '#cdata',
})

/** The line on which each element of this name begins, in their order; what only looks like one inside a text does not count. */
export function linesOf(name: string, text: string): number[] {
  const lines: number[] = []
  let line = 1
  let from = 0
  for (const found of text.matchAll(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<([\w:-]+)(?=[\s/>])/g)) {
    line += text.slice(from, found.index).split('\n').length - 1
    from = found.index
    if (found[1] === name) lines.push(line)
  }
  return lines
}

type Parsed = Readonly<Record<string, unknown>>

/**
 * The elements of an XML file. One that declares a document type is refused, whatever it says: that is the only way
 * entities could come in. Refused `file-unreadable` with the line when it is not well formed.
 */
export function readXml(text: string): XmlElement | null {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw new Refused('file-unreadable', { reason: 'doctype' })
  // Its successor brings four packages for a question this one answers.
  // oxlint-disable-next-line typescript/no-deprecated
  const sound = XMLValidator.validate(text)
  if (sound !== true) throw new Refused('file-unreadable', { reason: 'xml', line: sound.err.line })
  const roots = parsed(text).flatMap((node) => elementOf(node, 0) ?? [])
  return roots.find(({ name }) => !name.startsWith('?')) ?? null
}

function parsed(text: string): readonly Parsed[] {
  try {
    return parser.parse(text) as readonly Parsed[]
  } catch {
    // The parser has bounds of its own, on depth for one.
    throw new Refused('file-unreadable', { reason: 'xml' })
  }
}

function elementOf(node: Parsed, depth: number): XmlElement | null {
  if (depth > DEPTH_LIMIT) throw new Refused('file-unreadable', { reason: 'xml' })
  const name = Object.keys(node).find((key) => key !== ':@' && !key.startsWith('#'))
  if (name === undefined) return null
  const inside = node[name] as readonly Parsed[]
  return {
    name,
    attributes: Object.fromEntries(
      Object.entries((node[':@'] ?? {}) as Readonly<Record<string, string>>).map(([attribute, value]) => [
        attribute,
        resolved(value),
      ]),
    ),
    children: inside.flatMap((one) => elementOf(one, depth + 1) ?? []),
    text: inside.map(textOf).join(''),
  }
}

/** XML's own five references, and characters by number; any other stays the text it is. */
const resolved = (text: string): string =>
  text.replace(/&(?:lt|gt|amp|quot|apos|#\d+|#x[0-9a-f]+);/gi, (reference) => decodeReferences(reference))

function textOf(node: Parsed): string {
  if (typeof node['#text'] === 'string') return resolved(node['#text'])
  const cdata = node['#cdata']
  if (!Array.isArray(cdata)) return ''
  return (cdata as readonly Parsed[])
    .map((one) => (typeof one['#text'] === 'string' ? one['#text'] : ''))
    .join('')
}
