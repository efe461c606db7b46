import type { Answers } from '@vigie/contract/attempt/answers'
import type { CandidatePaper } from '@vigie/contract/attempt/paper'
import type { CandidatePaper as Shown } from '@vigie/exam-engine/catalog/candidatePaper'
import {
  placedQuestions,
  toggled,
  withAnswer,
  type ExamSheet,
  type Placed,
  type Question,
} from '#lib/attempt/answers.ts'

/** A paper as a candidate has it on screen, with answers that go nowhere [ADM-03]. */
export class PreviewSheet implements ExamSheet {
  readonly paper: CandidatePaper
  readonly placed: readonly Placed[]
  current = $state<string | null>(null)
  marked = $state.raw<ReadonlySet<string>>(new Set())
  #answers = $state.raw<Answers>({})
  readonly drafts: ExamSheet['drafts']

  constructor({ title, parts }: Shown) {
    this.paper = {
      title,
      parts: parts.map((part) => ({
        ...part,
        questions: part.questions.map((question) => ({ ...question, choices: [...question.choices] })),
      })),
    }
    this.placed = placedQuestions(this.paper)
    this.current = this.placed[0]?.question.id ?? null
    const answers = () => this.#answers
    this.drafts = {
      get answers() {
        return answers()
      },
      flush: () => undefined,
    }
  }

  answer(question: Question, values: readonly string[]): void {
    this.#answers = withAnswer(this.#answers, question, values)
  }

  tick(question: Question, choice: string, on: boolean): void {
    this.#answers = toggled(this.#answers, question, choice, on)
  }

  show(question: string): void {
    this.current = question
  }

  mark(question: string, on: boolean): void {
    const marked = new Set(this.marked)
    if (on) marked.add(question)
    else marked.delete(question)
    this.marked = marked
  }

  mayAnswer(): boolean {
    return true
  }

  isClosed(): boolean {
    return false
  }
}
