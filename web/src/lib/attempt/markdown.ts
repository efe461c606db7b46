import { Marked, type Token, type TokenizerAndRendererExtension, type Tokens } from 'marked'

/**
 * The Markdown of a question as a small tree [ATT-03]. Drawn by components, never as HTML: what an author wrote between
 * angle brackets is shown as text, and a link is its words, since nothing may lead away from an exam.
 */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'em' | 'del'; readonly inside: readonly Inline[] }
  | { readonly kind: 'image'; readonly src: string; readonly alt: string }
  | { readonly kind: 'break' }
  /** TeX between dollars: `$x^2$` in a line, `$$…$$` on its own [ATT-03]. */
  | { readonly kind: 'formula'; readonly tex: string; readonly display: boolean }

export type Block =
  | { readonly kind: 'paragraph' | 'heading' | 'plain'; readonly inside: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly start: number | null; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: 'quote'; readonly inside: readonly Block[] }
  | {
      readonly kind: 'table'
      readonly head: readonly (readonly Inline[])[]
      readonly rows: readonly (readonly (readonly Inline[])[])[]
    }
  | { readonly kind: 'rule' }

/** Only pictures that come with the paper: from our own origin, or inside the text itself. */
const OWN_PICTURE = /^(\/(?!\/)|data:image\/(png|jpeg|gif|webp);base64,)/

/** A sum of money is no formula: a dollar before a space or after one opens nothing, nor one that a digit follows. */
const FORMULA = /^(\${1,2})(?!\s)((?:\\[^\n]|[^\\$\n])+?)(?<!\s)\1(?![\d$])/

const formula: TokenizerAndRendererExtension = {
  name: 'formula',
  level: 'inline',
  start: (source) => source.indexOf('$'),
  tokenizer(source) {
    const [raw, fence, tex] = FORMULA.exec(source) ?? []
    return raw === undefined ? undefined : { type: 'formula', raw, tex, display: fence === '$$' }
  },
}

const reader = new Marked({ gfm: true, breaks: true, extensions: [formula] })

const text = (words: string): Inline => ({ kind: 'text', text: words })

function inlines(tokens: readonly Token[] = []): Inline[] {
  return (tokens as readonly Tokens.Generic[]).flatMap((token): Inline[] => {
    switch (token.type) {
      case 'strong':
      case 'em':
      case 'del':
        return [{ kind: token.type, inside: inlines(token.tokens) }]
      case 'codespan':
        return [{ kind: 'code', text: String(token['text']) }]
      case 'formula':
        return [{ kind: 'formula', tex: String(token['tex']), display: token['display'] === true }]
      case 'br':
        return [{ kind: 'break' }]
      case 'image': {
        const { href, text: alt } = token as unknown as Tokens.Image
        return [OWN_PICTURE.test(href) ? { kind: 'image', src: href, alt } : text(alt)]
      }
      case 'link':
        return inlines(token.tokens)
      case 'escape':
      case 'text':
        return token.tokens ? inlines(token.tokens) : [text(String(token['text']))]
      default:
        return [text(token.raw)]
    }
  })
}

function blocks(tokens: readonly Token[] = []): Block[] {
  return (tokens as readonly Tokens.Generic[]).flatMap((token): Block[] => {
    switch (token.type) {
      case 'space':
      case 'def':
      case 'checkbox':
        return []
      case 'paragraph':
      case 'heading':
        return [{ kind: token.type, inside: inlines(token.tokens) }]
      case 'code':
        return [{ kind: 'code', text: String(token['text']) }]
      case 'hr':
        return [{ kind: 'rule' }]
      case 'blockquote':
        return [{ kind: 'quote', inside: blocks(token.tokens) }]
      case 'list': {
        const { ordered, start, items } = token as unknown as Tokens.List
        return [
          {
            kind: 'list',
            start: ordered ? Number(start) : null,
            items: items.map((item) => blocks(item.tokens)),
          },
        ]
      }
      case 'table': {
        const { header, rows } = token as unknown as Tokens.Table
        const cells = (row: readonly Tokens.TableCell[]) => row.map((cell) => inlines(cell.tokens))
        return [{ kind: 'table', head: cells(header), rows: rows.map(cells) }]
      }
      case 'text':
        return [{ kind: 'plain', inside: inlines([token]) }]
      default:
        return [{ kind: 'paragraph', inside: [text(token.raw.trim())] }]
    }
  })
}

/** Reads a text; what it does not know stays visible as it was typed. A single line break is one. */
export const parseMarkdown = (source: string): Block[] => blocks(reader.lexer(source))

const picturesAmong = (nodes: readonly Inline[]): string[] =>
  nodes.flatMap((node) => {
    if (node.kind === 'image') return node.src.startsWith('/') ? [node.src] : []
    return 'inside' in node ? picturesAmong(node.inside) : []
  })

function picturesInBlock(block: Block): string[] {
  switch (block.kind) {
    case 'list':
      return block.items.flat().flatMap(picturesInBlock)
    case 'quote':
      return block.inside.flatMap(picturesInBlock)
    case 'table':
      return picturesAmong([...block.head, ...block.rows.flat()].flat())
    default:
      return 'inside' in block ? picturesAmong(block.inside) : []
  }
}

/** The addresses of the pictures that drawing a text fetches. */
export const picturesIn = (source: string): string[] => parseMarkdown(source).flatMap(picturesInBlock)

const wordsOf = (nodes: readonly Inline[]): string =>
  nodes
    .map((node) => {
      if (node.kind === 'break') return ' '
      if (node.kind === 'image') return node.alt
      if (node.kind === 'formula') return node.tex
      return 'inside' in node ? wordsOf(node.inside) : node.text
    })
    .join('')

/** The words alone, for a name that is read out: the legend of a question, the label of a choice. */
export const plainText = (source: string): string =>
  parseMarkdown(source)
    .map((block) => {
      if (block.kind === 'code') return block.text
      return 'inside' in block && block.kind !== 'quote' ? wordsOf(block.inside) : ''
    })
    .filter(Boolean)
    .join(' ')
