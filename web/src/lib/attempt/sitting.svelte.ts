import type { Answers, Saved } from '@vigie/contract/attempt/answers'
import type { CandidatePaper } from '@vigie/contract/attempt/paper'
import type { AttemptView } from '@vigie/contract/attempt/view'
import { clockAt, type ExamClock } from '@vigie/exam-engine/attempt/clock'
import type { AttemptId, PartId } from '@vigie/exam-engine/attempt/ids'
import { clock } from '#lib/platform/clock.svelte.ts'
import type { ApiClient } from '#lib/platform/http.ts'
import { isTransient, toProblem } from '#lib/platform/problem.ts'
import { retryWait } from '#lib/platform/waits.ts'
import {
  isBlank,
  placedQuestions,
  toggled,
  withAnswer,
  withParts,
  type Part,
  type Placed,
  type Question,
} from './answers.ts'
import { Drafts, type OutgoingSave } from './drafts.svelte.ts'
import { picturesIn } from './markdown.ts'
import { isLatest, type KeptDraft, type StoredDraft } from './draft.ts'
import type { AttemptMemory } from './memory.ts'

/** Below this much time left every change leaves at once: nothing typed may miss the deadline [ATT-06]. */
const HURRY = 15_000
/** How long « Vérification finale » and « Terminer l'examen » wait for the last answers to be stored. */
const DELIVERY = 10_000
/** Pictures are asked for with a drawn pause up to this before each: a hall that starts together asks for thousands. */
const PICTURE_PAUSE = 2_000

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

export interface SittingWire {
  readonly attempt: AttemptId
  readonly lease: number
  readonly api: ApiClient
  readonly memory: AttemptMemory
  readonly view: () => AttemptView | null
  /** Saves over the socket when there is a line; null when there is none. */
  readonly saveLive: (save: OutgoingSave) => Promise<Saved> | null
  readonly announce: (lastNumber: number) => void
  readonly acknowledgeHold: () => Promise<unknown>
  /** Fetches a picture of the paper, which the browser then keeps. Rejects with a `Problem`. */
  readonly fetchPicture: (address: string) => Promise<unknown>
}

/** The exam itself on this page: questions, answers, what is covered and for how long [ATT]. */
export class Sitting {
  paper = $state.raw<CandidatePaper | null>(null)
  /** Id of the question on screen. */
  current = $state<string | null>(null)
  marked = $state.raw<ReadonlySet<string>>(new Set())
  readonly drafts: Drafts
  readonly #wire: SittingWire
  #resumed: Promise<void> | null = null
  #fetching = false
  #acknowledging = false
  #parting = false
  readonly placed: readonly Placed[] = $derived(this.paper ? placedQuestions(this.paper) : [])

  constructor(wire: SittingWire) {
    this.#wire = wire
    this.drafts = new Drafts({
      send: (save) => wire.saveLive(save) ?? this.#saveOverHttp(save),
      announce: wire.announce,
      keep: (kept) => wire.memory.keepDraft(kept),
      refused: ({ code }) => {
        if (code === 'part-closed') this.#takeClosedParts()
        // Not taken now, and not to be forgotten: should the exam end in the hold, the server waits for it [ATT-06].
        if (code === 'held') wire.announce(this.drafts.lastNumber)
      },
    })
  }

  /** What is left by the server's clock, and whether it goes down [TIM-02]; null while the clock is not known. */
  get clock(): ExamClock | null {
    const view = this.#wire.view()
    if (!view?.sitting) return null
    const now = clock.nowFor(view.sitting.deadline)
    return now === null ? null : clockAt(view.sitting.deadline, view.hold, now)
  }

  /** Milliseconds left; null while the clock is not known. */
  get left(): number | null {
    return this.clock?.remainingMilliseconds ?? null
  }

  /** Questions are covered: held, about to be, or just resumed [ATT-07]. */
  get covered(): boolean {
    const view = this.#wire.view()
    if (view?.status === 'held' || view?.sitting?.holdRequested) return true
    const until = view?.sitting?.coveredUntil ?? null
    return until !== null && clock.now !== null && clock.now < until
  }

  /** Answers may be given to this part now. */
  mayAnswer(part: Part): boolean {
    const view = this.#wire.view()
    const over = this.left !== null && this.left <= 0
    return view?.status === 'running' && !over && !this.covered && !this.isClosed(part.id)
  }

  isClosed(part: PartId): boolean {
    return this.#wire.view()?.sitting?.closedParts.includes(part) ?? false
  }

  blanksIn(parts: readonly Part[]): Placed[] {
    const ids = parts.map(({ id }) => id)
    return this.placed.filter(
      ({ part, question }) => ids.includes(part.id) && isBlank(this.drafts.answers, question),
    )
  }

  get openParts(): readonly Part[] {
    return (this.paper?.parts ?? []).filter((part) => !this.isClosed(part.id))
  }

  answer(question: Question, values: readonly string[]): void {
    const typed = question.type === 'numeric' || question.type === 'short-text'
    this.#change(withAnswer(this.drafts.answers, question, values), typed ? 'typed' : 'chosen')
  }

  tick(question: Question, choice: string, on: boolean): void {
    this.#change(toggled(this.drafts.answers, question, choice, on), 'chosen')
  }

  show(question: string): void {
    this.current = question
    this.#keepPlace()
  }

  /** « À revoir » on or off for a question [ATT-11]. */
  mark(question: string, on: boolean): void {
    const marked = new Set(this.marked)
    if (on) marked.add(question)
    else marked.delete(question)
    this.marked = marked
    this.#keepPlace()
  }

  /** Sends everything typed, for an act that names the last save. True once the server has it. */
  deliver(): Promise<boolean> {
    return this.drafts.delivered(DELIVERY)
  }

  /** A snapshot came: fetches the questions when it is time, acknowledges a hold, sends what waited for its end. */
  follow(before: AttemptView | null, now: AttemptView): void {
    const { resumed } = this
    if (now.status === 'running' && !this.paper && !this.#fetching) {
      this.#fetching = true
      void resumed.then(() => this.#fetch()).finally(() => (this.#fetching = false))
    }
    if (now.status === 'running' && now.sitting?.holdRequested) void this.#acknowledgeHold()
    // Whatever comes after a hold: resumed it counts, closed it is waited for.
    if (before?.status === 'held' && now.status !== 'held') this.drafts.retry()
    if (now.status === 'sealed' && !this.#parting) {
      this.#parting = true
      void this.#lastWord().then((said) => (this.#parting = said))
    }
  }

  /**
   * All is sealed. What the server does not have goes to it once more, to be kept for a reviewer [ATT-06]; only then do
   * questions and answers leave this computer [RET-01]. Without a line they stay until the page is back: then false.
   */
  async #lastWord(): Promise<boolean> {
    await this.resumed
    const { drafts } = this
    const told = () => drafts.safe || drafts.refusal?.code === 'closed' || drafts.refusal?.code === 'sealed'
    // A part that was closed meanwhile is put right and sent again; what a hold refused is not refused any more.
    for (let tries = 0; tries < 3 && !told(); tries += 1) await drafts.delivered(DELIVERY)
    if (!told()) return false
    drafts.stop()
    await this.#wire.memory.forgetSitting()
    return true
  }

  /** Resolves once answers are taken up: only then is known what this browser has to bring. */
  get resumed(): Promise<void> {
    return (this.#resumed ??= this.#resume())
  }

  /**
   * What this browser kept, then what the server has: answers are taken up once, whatever becomes of the questions. They
   * come first: a page that did not know them would save a blank sheet over them.
   */
  async #resume(): Promise<void> {
    const { memory, lease } = this.#wire
    const [kept, place, paper] = await Promise.all([memory.draft(), memory.place(), memory.paper()])
    this.marked = new Set(place?.marked ?? [])
    this.current = place?.question ?? null
    this.drafts.resume(kept, lease, await this.#storedDraft(kept))
    if (paper) this.#open(paper)
  }

  /** Questions reach a running exam only [ATT-07]: during a hold nobody asks for them. */
  async #fetch(): Promise<void> {
    for (let failures = 1; !this.paper && this.#wire.view()?.status === 'running'; failures++) {
      const paper = await this.#fetchPaper()
      if (paper === 'not-now') return
      if (paper) {
        this.#open(paper)
        await this.#wire.memory.keepPaper(paper)
      } else {
        await pause(retryWait(failures))
      }
    }
  }

  #open(paper: CandidatePaper): void {
    this.paper = paper
    void this.#fetchAhead(paper)
    if (this.placed.some(({ question }) => question.id === this.current)) return
    this.current = this.placed[0]?.question.id ?? null
  }

  /**
   * What questions show, while there is a line: one that is first seen without it must be whole [ROOM-04]. The reader of
   * formulas, and every picture, one at a time.
   */
  async #fetchAhead({ parts }: CandidatePaper): Promise<void> {
    const texts = parts
      .flatMap(({ questions }) => questions)
      .flatMap(({ text, choices }) => [text, ...choices.map((choice) => choice.text)])
    if (texts.some((text) => text.includes('$'))) void import('temml').catch(() => undefined)
    for (const address of new Set(texts.flatMap(picturesIn))) {
      await pause(Math.random() * PICTURE_PAUSE)
      for (let failures = 1; this.#goesOn && !(await this.#hasPicture(address)); failures += 1)
        await pause(retryWait(failures))
    }
  }

  /** True as well for one that does not exist: asking again would not change it. */
  async #hasPicture(address: string): Promise<boolean> {
    try {
      await this.#wire.fetchPicture(address)
      return true
    } catch (error) {
      return !isTransient(toProblem(error))
    }
  }

  get #goesOn(): boolean {
    const status = this.#wire.view()?.status
    return status === 'running' || status === 'held'
  }

  /**
   * Null when the server cannot be asked and what this browser kept stands alone. Where it kept nothing newer than the
   * server may have, it is asked until it answers.
   */
  async #storedDraft(kept: KeptDraft | null): Promise<StoredDraft | null> {
    const { api, attempt, lease, view } = this.#wire
    for (let failures = 1; ; failures += 1) {
      try {
        const { number, answers, linked } = await api.attempt.draft({ attempt })
        return { number, answers, linked, savedAt: view()?.sitting?.draft.savedAt ?? null }
      } catch (error) {
        if (isLatest(kept, lease) || !isTransient(toProblem(error))) return null
        await pause(retryWait(failures))
      }
    }
  }

  async #fetchPaper(): Promise<CandidatePaper | 'not-now' | null> {
    try {
      return await this.#wire.api.attempt.paper({ attempt: this.#wire.attempt })
    } catch (error) {
      return isTransient(toProblem(error)) ? null : 'not-now'
    }
  }

  #saveOverHttp(save: OutgoingSave): Promise<Saved> {
    const { api, attempt, lease } = this.#wire
    return api.attempt.save({ attempt, lease, ...save })
  }

  /** What was typed goes before the hold takes effect, so that it counts [ATT-08]. */
  async #acknowledgeHold(): Promise<void> {
    if (this.#acknowledging) return
    this.#acknowledging = true
    await this.drafts.delivered(2_000)
    // Unsaid, the hold takes effect at the next contact all the same.
    await this.#wire.acknowledgeHold().catch(() => undefined)
    this.#acknowledging = false
  }

  /** A part was closed meanwhile (lost acknowledgement, other page): its answers are the server's word [ATT-05]. */
  #takeClosedParts(): void {
    const closed = (this.paper?.parts ?? []).filter((part) => this.isClosed(part.id))
    const { answers, stored } = this.drafts
    this.drafts.change(withParts(answers, stored.answers, closed))
  }

  #change(answers: Answers, how: 'typed' | 'chosen'): void {
    this.drafts.change(answers, this.left !== null && this.left < HURRY ? 'now' : how)
  }

  #keepPlace(): void {
    void this.#wire.memory.keepPlace({ marked: [...this.marked], question: this.current })
  }
}
