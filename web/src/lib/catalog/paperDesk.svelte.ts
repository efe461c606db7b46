import type { PaperDraft, PaperSheet } from '@vigie/contract/catalog/paper'
import type { PartId, QuestionId } from '@vigie/exam-engine/attempt/ids'
import { paperFaults, type PaperFault } from '@vigie/exam-engine/catalog/paperFaults'
import {
  copied,
  moved,
  newPart,
  newQuestion,
  withQuestionMoved,
  type EditedPart,
  type EditedQuestion,
} from './paperEditing.ts'

/** What the pane beside the outline shows. */
export type Opened =
  | { readonly kind: 'rules' }
  | { readonly kind: 'part'; readonly id: PartId }
  | { readonly kind: 'question'; readonly id: QuestionId }

/** A question in its place: numbered over the whole paper, as written. */
export interface Written {
  readonly question: EditedQuestion
  readonly part: EditedPart
  readonly number: number
}

/** A paper while it is written [ADM-03]: what stands on the page, what is open, what is wrong, what was saved. */
export class PaperDesk {
  readonly #id: PaperSheet['id'] | null = null
  edited: PaperDraft = $state.raw() as PaperDraft
  #saved: PaperDraft = $state.raw() as PaperDraft
  version = $state(0)
  opened = $state.raw<Opened>({ kind: 'rules' })
  /** What was taken out last, until the next change of place: it can be put back. */
  removed = $state.raw<{
    readonly question: EditedQuestion
    readonly part: PartId
    readonly at: number
  } | null>(null)
  /** New questions are not blamed before somebody has left them or saved. */
  #fresh = $state.raw<ReadonlySet<string>>(new Set())

  readonly changed: boolean = $derived(JSON.stringify(this.edited) !== JSON.stringify(this.#saved))
  readonly written: readonly Written[] = $derived(
    this.edited.parts
      .flatMap((part) => part.questions.map((question) => ({ part, question })))
      .map((one, index) => ({ ...one, number: index + 1 })),
  )
  readonly #all: readonly PaperFault[] = $derived(
    this.#id === null ? [] : paperFaults({ id: this.#id, ...this.edited }),
  )
  readonly faults: readonly PaperFault[] = $derived(
    this.#all.filter(({ at }) => at === null || !this.#fresh.has(at.split('/')[0] ?? at)),
  )

  constructor(sheet: PaperSheet) {
    this.#id = sheet.id
    this.take(sheet)
    const first = this.written[0]
    if (first) this.opened = { kind: 'question', id: first.question.id }
  }

  /** Stands on what the server has now. */
  take({ content, version }: PaperSheet): void {
    this.edited = content
    this.#saved = content
    this.version = version
  }

  faultsOf(id: string): PaperFault[] {
    return this.faults.filter(({ at }) => at === id || at?.startsWith(`${id}/`) === true)
  }

  open(wish: Opened): void {
    const left = this.opened
    if (left.kind === 'question' && !(wish.kind === 'question' && wish.id === left.id)) this.#blame(left.id)
    this.opened = wish
    this.removed = null
  }

  /** Everything may be blamed from now on: somebody wants to save. */
  blameAll(): void {
    this.#fresh = new Set()
  }

  changeRules(rules: Partial<Omit<PaperDraft, 'parts'>>): void {
    this.edited = { ...this.edited, ...rules }
  }

  changeQuestion(question: EditedQuestion): void {
    this.#changeParts((part) => ({
      ...part,
      questions: part.questions.map((one) => (one.id === question.id ? question : one)),
    }))
  }

  addQuestion(part: PartId): void {
    const type = this.#here()?.question.type ?? 'single'
    this.#insert(part, Number.POSITIVE_INFINITY, newQuestion(this.edited, type))
  }

  copyQuestion(id: QuestionId): void {
    const found = this.#find(id)
    if (found) this.#insert(found.part.id, found.at + 1, copied(this.edited, found.question))
  }

  removeQuestion(id: QuestionId): void {
    const found = this.#find(id)
    if (!found) return
    const next = this.written[found.number] ?? this.written[found.number - 2]
    this.#changeParts((part) => ({ ...part, questions: part.questions.filter((one) => one.id !== id) }))
    this.open(next ? { kind: 'question', id: next.question.id } : { kind: 'part', id: found.part.id })
    this.removed = { question: found.question, part: found.part.id, at: found.at }
  }

  putBack(): void {
    if (this.removed) this.#insert(this.removed.part, this.removed.at, this.removed.question)
  }

  /** Whether `moveQuestion` would do anything. */
  mayMove(id: QuestionId, by: -1 | 1): boolean {
    return withQuestionMoved(this.edited, id, by) !== this.edited
  }

  moveQuestion(id: QuestionId, by: -1 | 1): void {
    this.edited = withQuestionMoved(this.edited, id, by)
  }

  addPart(title: string): void {
    const part = newPart(this.edited, title)
    this.edited = { ...this.edited, parts: [...this.edited.parts, part] }
    this.open({ kind: 'part', id: part.id })
  }

  changePart(id: PartId, title: string): void {
    this.#changeParts((part) => (part.id === id ? { ...part, title } : part))
  }

  movePart(id: PartId, by: -1 | 1): void {
    const at = this.edited.parts.findIndex((part) => part.id === id)
    this.edited = { ...this.edited, parts: moved(this.edited.parts, at, by) }
  }

  /** Takes an empty part out. */
  removePart(id: PartId): void {
    this.edited = { ...this.edited, parts: this.edited.parts.filter((part) => part.id !== id) }
    this.open({ kind: 'rules' })
  }

  /** The first question that holds a number nobody can read: it cannot be saved. */
  get unreadable(): Written | null {
    const broken = (value: unknown) => typeof value === 'number' && !Number.isFinite(value)
    return this.written.find(({ question }) => Object.values(question).some(broken)) ?? null
  }

  #here(): Written | undefined {
    const { opened } = this
    return opened.kind === 'question'
      ? this.written.find(({ question }) => question.id === opened.id)
      : undefined
  }

  #find(id: QuestionId) {
    const one = this.written.find(({ question }) => question.id === id)
    return one && { ...one, at: one.part.questions.indexOf(one.question) }
  }

  #insert(part: PartId, at: number, question: EditedQuestion): void {
    this.#changeParts((one) =>
      one.id === part
        ? { ...one, questions: [...one.questions.slice(0, at), question, ...one.questions.slice(at)] }
        : one,
    )
    this.open({ kind: 'question', id: question.id })
    this.#fresh = new Set([...this.#fresh, question.id])
  }

  #blame(id: QuestionId): void {
    this.#fresh = new Set([...this.#fresh].filter((one) => one !== id))
  }

  #changeParts(change: (part: EditedPart) => EditedPart): void {
    this.edited = { ...this.edited, parts: this.edited.parts.map(change) }
  }
}
