import { htmlToMarkdown } from './html.ts'
import {
  finding,
  readNumber,
  titleOf,
  unreadable,
  type Finding,
  type ReadAnswer,
  type ReadFile,
  type ReadItem,
} from './reading.ts'

/**
 * An element of an XML document, as the server's parser gives it: names, attributes, text. Of the references only XML's own
 * are resolved, once, and nothing inside CDATA; what HTML means by what is left is its own affair.
 */
export type XmlElement = {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  readonly text: string
}

/** A picture that came inside the file, to be kept and addressed by us. */
export type EmbeddedPicture = {
  readonly name: string
  /** 1 = the first of the file. */
  readonly question: number
  readonly base64: string
}

const child = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((one) => one.name === name)
const textIn = (element: XmlElement | undefined, name: string): string =>
  child(child(element, name), 'text')?.text ?? child(element, name)?.text ?? ''
const isFormatted = (element: XmlElement | undefined): boolean =>
  !['plain_text', 'markdown'].includes(element?.attributes['format'] ?? 'html')

/** The words of a text element in Markdown. */
function markdownOf(element: XmlElement | undefined): string {
  const text = child(element, 'text')?.text ?? element?.text ?? ''
  return isFormatted(element) ? htmlToMarkdown(text) : text.trim()
}

/** Moodle XML [ADM-03]: `quiz` with questions; `category` begins a part. `lines`: where each `question` begins. */
export function readMoodle(
  root: XmlElement | null,
  lines: readonly number[] = [],
): ReadFile & { readonly pictures: readonly EmbeddedPicture[] } {
  const quiz = root?.name === 'quiz' ? root : child(root ?? undefined, 'quiz')
  if (!quiz) return { ...unreadable('xml-not-moodle'), pictures: [] }
  let part: string | null = null
  const items: ReadItem[] = []
  const pictures: EmbeddedPicture[] = []
  const questions = quiz.children.filter(({ name }) => name === 'question')
  // Elements of that name elsewhere than in their place: which line is whose is not known.
  const known = lines.length === questions.length
  for (const [index, element] of questions.entries()) {
    const type = element.attributes['type'] ?? ''
    if (type === 'category') {
      const path = textIn(element, 'category').split('/')
      part =
        path
          .filter((step) => step !== '' && step !== 'top' && !step.startsWith('$'))
          .at(-1)
          ?.trim() ?? null
      continue
    }
    const line = known ? (lines[index] ?? null) : null
    items.push({ ...readQuestion(element, type, part, items.length + 1, pictures), line })
  }
  return {
    title: null,
    settings: {},
    fileFaults: items.length === 0 ? [finding('file-empty')] : [],
    items,
    pictures,
  }
}

function readQuestion(
  element: XmlElement,
  type: string,
  part: string | null,
  number: number,
  pictures: EmbeddedPicture[],
): Omit<ReadItem, 'line'> {
  const name = textIn(element, 'name').trim()
  const text = withPictures(
    child(element, 'questiontext'),
    markdownOf(child(element, 'questiontext')),
    number,
    pictures,
  )
  const points = readNumber(child(element, 'defaultgrade')?.text ?? '1')
  const read = readAnswer(element, type, number, pictures)
  // What is told after an answer, of the question or of one answer, and the hints between two tries.
  const feedback = [element, ...element.children.filter((one) => one.name === 'answer')]
    .flatMap(({ children }) => children)
    .some(
      (one) => (one.name.endsWith('feedback') || one.name === 'hint') && textIn(one, 'text').trim() !== '',
    )
  return {
    title: titleOf(name || text),
    part,
    id: null,
    text,
    points: points ?? 1,
    answer: 'answer' in read ? read.answer : null,
    faults: 'fault' in read ? [read.fault] : [],
    remarks: [...('remarks' in read ? read.remarks : []), ...(feedback ? [finding('feedback-dropped')] : [])],
  }
}

/** An address as Moodle writes it, without what it adds against caches: its signs encoded, or not. */
function fileAddressed(address: string): string {
  const [path = ''] = address.split('?')
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Pictures of the file take a name of ours: `picture:12-3` stands for the third of the file until it is kept. */
function withPictures(
  element: XmlElement | undefined,
  text: string,
  number: number,
  pictures: EmbeddedPicture[],
): string {
  const files = new Map<string, XmlElement>()
  for (const file of element?.children ?? [])
    if (file.name === 'file')
      files.set(`${file.attributes['path'] ?? '/'}${file.attributes['name'] ?? ''}`, file)
  const named = new Map<XmlElement, string>()
  return text.replace(/@@PLUGINFILE@@(\/[^\s)]*)/g, (all, address: string) => {
    const file = files.get(fileAddressed(address))
    if (!file) return all
    const known = named.get(file)
    const name = known ?? `${number}-${pictures.length + 1}`
    if (!known) pictures.push({ name, question: number, base64: file.text.replace(/\s+/g, '') })
    named.set(file, name)
    return `picture:${name}`
  })
}

type Read =
  { readonly answer: ReadAnswer; readonly remarks: readonly Finding[] } | { readonly fault: Finding }

function readAnswer(element: XmlElement, type: string, number: number, pictures: EmbeddedPicture[]): Read {
  const answers = element.children.filter((one) => one.name === 'answer')
  const share = (one: XmlElement) => readNumber(one.attributes['fraction'] ?? '0') ?? 0
  const plain = (one: XmlElement) => (child(one, 'text')?.text ?? one.text).trim()
  const best = answers.find((one) => share(one) >= 100)
  switch (type) {
    case 'multichoice': {
      const single = (child(element, 'single')?.text ?? 'true').trim() !== 'false'
      const shares = answers.map(share)
      if (single && shares.filter((one) => one >= 100).length > 1) return { fault: finding('right-several') }
      const worth = shares.filter((one) => one > 0)
      const weighed =
        shares.some((one) => one < 0 || (single && one > 0 && one < 100)) ||
        (!single && Math.max(...worth) - Math.min(...worth) > 0.1)
      return {
        answer: {
          type: single ? 'single' : 'multiple',
          fixedOrder: /^(0|false)$/.test((child(element, 'shuffleanswers')?.text ?? 'true').trim()),
          choices: answers.map((one) => ({
            text: withPictures(one, markdownOf(one), number, pictures),
            right: single ? one === best : share(one) > 0,
          })),
        },
        remarks: weighed ? [finding('weights-dropped')] : [],
      }
    }
    case 'truefalse':
      return best
        ? { answer: { type: 'true-false', right: plain(best).toLowerCase() === 'true' }, remarks: [] }
        : { fault: finding('right-unreadable') }
    case 'numerical': {
      const right = best ? readNumber(plain(best)) : null
      const tolerance = readNumber(child(best, 'tolerance')?.text ?? '0')
      const units = (child(element, 'units')?.children ?? []).some(
        (one) => textIn(one, 'unit_name').trim() !== '',
      )
      return right === null || tolerance === null
        ? { fault: finding('right-unreadable', best ? plain(best).slice(0, 80) : null) }
        : {
            answer: { type: 'numeric', right, tolerance },
            remarks: [
              ...(answers.length > 1 ? [finding('answers-dropped')] : []),
              ...(units ? [finding('units-dropped')] : []),
            ],
          }
    }
    case 'shortanswer': {
      const right = answers.filter((one) => share(one) >= 100).map(plain)
      if (right.length === 0) return { fault: finding('right-unreadable') }
      if (right.some((text) => text.includes('*'))) return { fault: finding('wildcard-unsupported') }
      return {
        answer: { type: 'short-text', right, exact: (child(element, 'usecase')?.text ?? '0').trim() === '1' },
        remarks: answers.length > right.length ? [finding('answers-dropped')] : [],
      }
    }
    default:
      return { fault: finding('type-unsupported', type.slice(0, 40)) }
  }
}
