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
        : piece.replace(/[\\*_`[\]<]/g, '\\$&').replace(/\s+/g, ' '),
    )
    .join('')
}

const MARKS: Readonly<Record<string, string>> = { strong: '**', b: '**', em: '*', i: '*', code: '`' }
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
 * HTML of another program as Markdown: paragraphs, emphasis, lists and pictures stay, everything else becomes its words.
 * Never trusted to be safe HTML: what comes out is only ever drawn as Markdown.
 */
export function htmlToMarkdown(html: string): string {
  let out = ''
  for (const piece of html.replace(DROPPED, '').split(/(<\/?[a-z][^<>]*>)/i)) {
    const tag = /^<(\/?)([a-z][a-z0-9]*)\b([^<>]*)>$/i.exec(piece)
    if (!tag) {
      out += plain(piece)
      continue
    }
    const [, closing, rawName = '', attributes = ''] = tag
    const name = rawName.toLowerCase()
    if (name === 'br') out += '\n'
    else if (name === 'li') out += closing ? '' : '\n- '
    else if (name === 'img')
      out += `![${plain(attributeOf(attributes, 'alt'))}](${pictureAddress(attributes)})`
    else if (BLOCKS.has(name)) out += '\n\n'
    else if (Object.hasOwn(MARKS, name)) out += MARKS[name]!
  }
  return out
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n[ \t]+/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
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
