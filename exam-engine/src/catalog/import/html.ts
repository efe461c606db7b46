const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  eacute: 'é',
  egrave: 'è',
  ecirc: 'ê',
  agrave: 'à',
  acirc: 'â',
  ccedil: 'ç',
  icirc: 'î',
  iuml: 'ï',
  ocirc: 'ô',
  ouml: 'ö',
  ugrave: 'ù',
  ucirc: 'û',
  uuml: 'ü',
  euro: '€',
  laquo: '«',
  raquo: '»',
  rsquo: '’',
  lsquo: '‘',
  ldquo: '“',
  rdquo: '”',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  times: '×',
  divide: '÷',
  deg: '°',
  le: '≤',
  ge: '≥',
  ne: '≠',
  minus: '−',
  oelig: 'œ',
  Eacute: 'É',
  Agrave: 'À',
  plusmn: '±',
}

/** References of characters, by name or number; one that is not known stays as it was typed. */
export const decodeReferences = (text: string): string =>
  text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,8});/gi, (all, name: string) => {
    if (!name.startsWith('#')) return Object.hasOwn(NAMED, name) ? NAMED[name]! : all
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
      ? String.fromCodePoint(code)
      : all
  })

/** Signs that Markdown would read as its own. Formulas between \( \), \[ \] or $$ become those between dollar signs. */
function plain(text: string): string {
  const decoded = decodeReferences(text)
  return decoded
    .split(/(\\\([\s\S]*?\\\)|\\\[[\s\S]*?\\\]|\$\$[\s\S]*?\$\$)/)
    .map((piece, index) =>
      index % 2 === 1
        ? `$${piece.slice(2, -2).trim()}$`
        : piece.replace(/[\\*_`[\]<~]/g, '\\$&').replace(/\s+/g, ' '),
    )
    .join('')
}

const paired = (typed: string, drawn: string): ReadonlyMap<string, string> =>
  new Map(Array.from(typed, (sign, index) => [sign, drawn.charAt(index)]))
const RAISED = paired('0123456789+-−=()n', '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ')
const LOWERED = paired('0123456789+-−=()', '₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎')

/** « 10<sup>3</sup> » is not 103: signs of their own where there are some, else a formula, else what it is in signs. */
function scriptOf(name: string, html: string): string {
  const raised = name.toLowerCase() === 'sup'
  const typed = decodeReferences(html.replace(/<[^<>]*>/g, '')).trim()
  const signs = Array.from(typed, (sign) => (raised ? RAISED : LOWERED).get(sign))
  if (signs.every((sign) => sign !== undefined)) return signs.join('')
  const mark = raised ? '^' : '_'
  if (!/^[\p{L}\p{N} +\-−,.]+$/u.test(typed)) return `${mark}(${html})`
  return `\\(${mark}{${/\p{L}{2}/u.test(typed) ? `\\text{${typed}}` : typed}}\\)`
}

const MARKS: Readonly<Record<string, string>> = { strong: '**', b: '**', em: '*', i: '*' }
const BLOCKS = new Set([
  'p',
  'div',
  'ul',
  'ol',
  'table',
  'tr',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'blockquote',
  'pre',
])
const DROPPED = /<(script|style|iframe|object|svg)\b[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->/gi

/**
 * HTML of another program as Markdown: paragraphs, emphasis, lists, tables, code and pictures stay, what is raised or
 * lowered stays so, everything else becomes its words. Never trusted to be safe HTML: what comes out is only ever drawn
 * as Markdown.
 */
export function htmlToMarkdown(html: string): string {
  const pieces = html.replace(DROPPED, '').split(/<(table|pre)\b[^<>]*>([\s\S]*?)<\/\1\s*>/i)
  const blocks: string[] = []
  for (let at = 0; at < pieces.length; at += 3) {
    const [words = '', name, inside = ''] = pieces.slice(at, at + 3)
    blocks.push(wordsOf(words))
    if (name) blocks.push(name.toLowerCase() === 'pre' ? codeOf(inside) : tableOf(inside))
  }
  return blocks.filter((block) => block !== '').join('\n\n')
}

function codeOf(html: string): string {
  const code = decodeReferences(html.replace(/<br\b[^<>]*>/gi, '\n').replace(/<[^<>]*>/g, ''))
  const fence = '`'.repeat(Math.max(3, ...[...code.matchAll(/`+/g)].map(([run]) => run.length + 1)))
  return `${fence}\n${code.replace(/^\n|\s+$/g, '')}\n${fence}`
}

/** The first row is the head, as Markdown wants one; a single cell is no table but a frame. */
function tableOf(html: string): string {
  const [before = '', ...written] = html.split(/<tr\b[^<>]*>/i)
  const rows = written.map((row) =>
    row
      .split(/<t[dh]\b[^<>]*>/i)
      .slice(1)
      .map((cell) => wordsOf(cell).replace(/\s+/g, ' ').replaceAll('|', '\\|')),
  )
  const width = Math.max(0, ...rows.map((row) => row.length))
  if (rows.length * width <= 1) return wordsOf(html)
  const drawn = rows.map(
    (row) => `| ${Array.from({ length: width }, (_one, at) => row[at] ?? '').join(' | ')} |`,
  )
  const table = [drawn[0], `|${' --- |'.repeat(width)}`, ...drawn.slice(1)].join('\n')
  return [wordsOf(before), table].filter((block) => block !== '').join('\n\n')
}

/** What Markdown would read as a heading, a quotation, a rule or a point of a list when a line begins with it. */
const atLineStart = (words: string): string =>
  words.replace(/^(#|>|[+-](?=\s|-|$))/, '\\$1').replace(/^(\d+)([.)](?=\s|$))/, '$1\\$2')

/** In a line of code nothing is escaped; the fence is longer than any inside. */
function inlineCode(text: string): string {
  const fence = '`'.repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1)
  const room = /^`|`$/.test(text) ? ' ' : ''
  return `${fence}${room}${text}${room}${fence}`
}

function wordsOf(html: string): string {
  let out = ''
  /** Of each list that is open how many points it has, or null where they have no number. */
  const lists: (number | null)[] = []
  let fresh = true
  let gap = false
  /** Marks that stand before the next word: « **PAS ** » would be no emphasis. */
  let open = ''
  let code: string | null = null
  const put = (words: string): void => {
    out += `${gap && !fresh ? ' ' : ''}${open}${words}`
    open = ''
    gap = fresh = false
  }
  const lineBreak = (signs: string): void => {
    out += signs
    gap = false
    fresh = true
  }
  const say = (words: string): void => {
    const said = words.trim()
    gap ||= /^\s/.test(words)
    if (said === '') return
    put(fresh ? atLineStart(said) : said)
    gap = /\s$/.test(words)
  }
  const mark = (sign: string, closing: boolean): void => {
    if (!closing) open += sign
    else if (open.endsWith(sign)) open = open.slice(0, -sign.length)
    else out += sign
  }
  const endCode = (): void => {
    const said = code?.replace(/\s+/g, ' ').trim() ?? ''
    if (said !== '') put(inlineCode(said))
    code = null
  }
  const scripted = html.replace(
    /<(sup|sub)\b[^<>]*>([\s\S]*?)<\/\1\s*>/gi,
    (_all, name: string, inside: string) => scriptOf(name, inside),
  )
  for (const piece of scripted.split(/(<\/?[a-z][^<>]*>)/i)) {
    const tag = /^<(\/?)([a-z][a-z0-9]*)\b([^<>]*)>$/i.exec(piece)
    const [, closing, rawName = '', attributes = ''] = tag ?? []
    const name = rawName.toLowerCase()
    if (name === 'code') {
      endCode()
      if (!closing) code = ''
    } else if (code !== null) code += tag ? '' : decodeReferences(piece)
    else if (!tag) say(plain(piece))
    else if (name === 'br') lineBreak('\n')
    else if (name === 'li' && !closing) lineBreak(`\n${pointOf(lists)} `)
    else if (name === 'img') put(`![${plain(attributeOf(attributes, 'alt'))}](${pictureAddress(attributes)})`)
    else if (BLOCKS.has(name)) {
      lineBreak('\n\n')
      if (name !== 'ol' && name !== 'ul') continue
      if (closing) lists.pop()
      else lists.push(name === 'ol' ? 0 : null)
    } else if (Object.hasOwn(MARKS, name)) mark(MARKS[name]!, closing === '/')
  }
  endCode()
  return out
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n[ \t]+/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function pointOf(lists: (number | null)[]): string {
  const count = lists.pop()
  if (count === undefined) return '-'
  lists.push(count === null ? null : count + 1)
  return count === null ? '-' : `${count + 1}.`
}

const attributeOf = (attributes: string, name: string): string => {
  const found = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(attributes)
  return decodeReferences(found?.[1] ?? found?.[2] ?? found?.[3] ?? '')
}

/** Spaces and brackets would end the address in Markdown. */
const pictureAddress = (attributes: string): string =>
  attributeOf(attributes, 'src').replace(/[\s()<>]/g, (sign) =>
    encodeURIComponent(sign).replace('(', '%28').replace(')', '%29'),
  )
