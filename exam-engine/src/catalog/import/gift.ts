import {
  finding,
  readNumber,
  titleOf,
  type Finding,
  type ReadAnswer,
  type ReadFile,
  type ReadItem,
} from './reading.ts'

type Block = { readonly line: number; readonly text: string }
type Read =
  { readonly answer: ReadAnswer; readonly remarks: readonly Finding[] } | { readonly fault: Finding }

/** Escaped signs are put aside while the text is cut, as one character each of the private use area. */
const SIGNS = '~=#{}:\\'
const PRIVATE = 0xe100
const aside = (text: string): string =>
  text.replace(/\\([n~=#{}:\\])/g, (_all, sign: string) =>
    sign === 'n' ? '\n' : String.fromCharCode(PRIVATE + SIGNS.indexOf(sign)),
  )
const back = (text: string): string =>
  text.replace(/[\ue100-\ue106]/g, (sign) => SIGNS[sign.charCodeAt(0) - PRIVATE] ?? sign)
const words = (text: string): string => back(text).trim()

/** Moodle's GIFT [ADM-03]: questions parted by empty lines, answers between braces, `$CATEGORY:` begins a part. */
export function readGift(source: string): ReadFile {
  let part: string | null = null
  const items: ReadItem[] = []
  for (const block of blocksOf(source)) {
    const category = /^\$CATEGORY:\s*(.*)$/m.exec(block.text)
    if (category) {
      part =
        (category[1] ?? '')
          .replace(/^.*\$course\$\/?/i, '')
          .split('/')
          .filter((step) => step && step !== 'top')
          .at(-1)
          ?.trim() ?? null
      const left = block.text.replace(/^\$CATEGORY:.*$/m, '')
      const rest = left.trimStart()
      if (rest === '') continue
      const line = block.line + left.slice(0, left.length - rest.length).split('\n').length - 1
      items.push(readBlock({ line, text: rest.trimEnd() }, part))
    } else items.push(readBlock(block, part))
  }
  return {
    title: null,
    settings: {},
    fileFaults: items.length === 0 ? [finding('file-empty')] : [],
    items,
  }
}

function blocksOf(source: string): Block[] {
  const blocks: Block[] = []
  let lines: string[] = []
  let start = 1
  const close = () => {
    if (lines.length > 0) blocks.push({ line: start, text: lines.join('\n') })
    lines = []
  }
  for (const [index, raw] of source.split(/\r\n|\r|\n/).entries()) {
    const line = /^\s*\/\//.test(raw) ? null : raw
    if (line === null) continue
    if (line.trim() === '') close()
    else {
      if (lines.length === 0) start = index + 1
      lines.push(line)
    }
  }
  close()
  return blocks
}

function readBlock(block: Block, part: string | null): ReadItem {
  let text = aside(block.text)
  const named = /^\s*::([\s\S]*?)::/.exec(text)
  if (named) text = text.slice(named[0].length)
  const format = /^\s*\[(html|moodle|plain|markdown)\]/i.exec(text)
  if (format) text = text.slice(format[0].length)
  const open = text.indexOf('{')
  const shut = text.lastIndexOf('}')
  const after = open >= 0 && shut > open ? text.slice(shut + 1).trim() : ''
  const stem = open < 0 ? text : text.slice(0, open).trim() + (after ? ` ____ ${after}` : '')
  const read: Read =
    open < 0 || shut < open
      ? { fault: finding('gift-no-answers') }
      : readAnswers(text.slice(open + 1, shut).trim())
  return {
    line: block.line,
    title: titleOf(named ? words(named[1] ?? '') : words(stem)),
    part,
    id: null,
    text: words(stem),
    points: 1,
    answer: 'answer' in read ? read.answer : null,
    faults: 'fault' in read ? [read.fault] : [],
    remarks: [
      ...('remarks' in read ? read.remarks : []),
      ...(format?.[1]?.toLowerCase() === 'html' && /<\w/.test(stem) ? [finding('html-as-text')] : []),
    ],
  }
}

function readAnswers(inside: string): Read {
  const [bare = '', ...feedback] = inside.startsWith('#') ? [inside] : inside.split('#')
  if (inside === '') return { fault: finding('type-unsupported', 'essay') }
  if (/^(T|TRUE|F|FALSE)$/i.test(bare.trim()))
    return {
      answer: { type: 'true-false', right: /^T/i.test(bare.trim()) },
      remarks: feedback.length > 0 ? [finding('feedback-dropped')] : [],
    }
  if (inside.startsWith('#')) return readNumeric(inside.slice(1).trim())
  return readList(inside)
}

function readNumeric(inside: string): Read {
  const first = inside.startsWith('=') ? (/^=([^=~]*)/.exec(inside)?.[1] ?? '') : inside
  const several = (inside.match(/=/g) ?? []).length > 1
  const [typed = ''] = first.replace(/^%\d+%/, '').split('#')
  const remarks = [
    ...(several ? [finding('answers-dropped')] : []),
    ...(first.includes('#') || /~#/.test(inside) ? [finding('feedback-dropped')] : []),
  ]
  const range = /^(.+?)\.\.(.+)$/.exec(typed.trim())
  if (range) {
    const [from, to] = [readNumber(range[1] ?? ''), readNumber(range[2] ?? '')]
    if (from === null || to === null || to < from)
      return { fault: finding('right-unreadable', words(typed).slice(0, 80)) }
    return { answer: { type: 'numeric', right: (from + to) / 2, tolerance: (to - from) / 2 }, remarks }
  }
  const [key = '', span = '0'] = typed.split(':')
  const [right, tolerance] = [readNumber(key), readNumber(span)]
  return right === null || tolerance === null
    ? { fault: finding('right-unreadable', words(typed).slice(0, 80)) }
    : { answer: { type: 'numeric', right, tolerance }, remarks }
}

type Weighed = { readonly right: boolean; readonly weight: number | null; readonly text: string }

function readList(inside: string): Read {
  const answers: Weighed[] = []
  let feedback = /####/.test(inside)
  for (const piece of inside.replace(/####[\s\S]*$/, '').matchAll(/([=~])([^=~]*)/g)) {
    const [typed = '', ...after] = (piece[2] ?? '').split('#')
    feedback ||= after.length > 0
    const weight = /^\s*%(-?\d+(?:\.\d+)?)%/.exec(typed)
    answers.push({
      right: piece[1] === '=',
      weight: weight ? Number(weight[1]) : null,
      text: words(typed.slice(weight?.[0].length ?? 0).replace(/^\s*\[(html|moodle|plain|markdown)\]/i, '')),
    })
  }
  const remarks = feedback ? [finding('feedback-dropped')] : []
  if (answers.length === 0) return { fault: finding('gift-no-answers') }
  if (answers.some(({ text }) => text.includes('->')))
    return { fault: finding('type-unsupported', 'matching') }
  if (answers.every(({ right }) => right)) {
    const partial = answers.some(({ weight }) => weight !== null && weight !== 100)
    return {
      answer: { type: 'short-text', right: answers.map(({ text }) => text), exact: false },
      remarks: partial ? [...remarks, finding('weights-dropped')] : remarks,
    }
  }
  // For Moodle each of them alone is the whole answer, and only one can be chosen.
  if (answers.filter(({ right, weight }) => right && (weight ?? 100) >= 100).length > 1)
    return { fault: finding('right-several') }
  const right = ({ right: sure, weight }: Weighed) => sure || (weight !== null && weight > 0)
  const type =
    answers.filter(right).length > 1 || answers.some((one) => !one.right && right(one))
      ? 'multiple'
      : 'single'
  return {
    answer: {
      type,
      fixedOrder: false,
      choices: answers.map((one) => ({ text: one.text, right: right(one) })),
    },
    remarks: answers.some(({ weight }) => weight !== null)
      ? [...remarks, finding('weights-dropped')]
      : remarks,
  }
}
