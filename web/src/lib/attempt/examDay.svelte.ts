import type { candidateEvents, CandidateMessages } from '@vigie/contract/attempt/socket'
import type { AttemptView } from '@vigie/contract/attempt/view'
import type { AttemptId } from '@vigie/exam-engine/attempt/ids'
import { clock } from '#lib/platform/clock.svelte.ts'
import { api, createApi, fetchBytes, type ApiClient } from '#lib/platform/http.ts'
import { isTransient, Problem, toProblem } from '#lib/platform/problem.ts'
import { application } from '#lib/platform/serviceWorker.svelte.ts'
import { openLine, type AnswerOf, type InputOf, type LineState, type LiveLine } from '#lib/platform/socket.ts'
import { loadAhead } from './ahead.ts'
import { Chat } from './chat.svelte.ts'
import type { Whereabouts } from './drafts.svelte.ts'
import { AttemptMemory, lockOfAttempt, type KeptEntry } from './memory.ts'
import { OnAir } from './onAir.svelte.ts'
import { isOnAir, isOver } from './place.ts'
import { Sitting } from './sitting.svelte.ts'

type Events = typeof candidateEvents
type Name = keyof Events & string
type Line = LiveLine<Events>
/** Wishes that name the last save made here. */
type Numbered = 'attempt:close-part' | 'attempt:request-end' | 'attempt:insist-on-end'

/** How long a wish waits for the line, in milliseconds. */
const LINE_PATIENCE = 6_000

/** How far the page is inside its attempt. */
export type Opening =
  | { readonly kind: 'opening' }
  /** The attempt is under way and this browser has never been in it: going on here takes it from the other place. */
  | { readonly kind: 'elsewhere' }
  /** Not entered: too early, or all over. */
  | { readonly kind: 'outside' }
  | { readonly kind: 'inside' }
  /** A newer page has taken over; this one has stopped. `answers`: where its last ones are; null while they leave [ROOM-05]. */
  | { readonly kind: 'superseded'; readonly answers: Whereabouts | null }
  | { readonly kind: 'failed'; readonly problem: Problem }

/**
 * One candidate's page on exam day: enters, keeps the line to the server, and hands every snapshot to the parts that
 * live by it. Nothing here decides: the server's view is the state, what is sent is a wish.
 */
export class ExamDay {
  readonly attempt: AttemptId
  opening = $state.raw<Opening>({ kind: 'opening' })
  view = $state.raw<AttemptView | null>(null)
  /** Why the last wish was not granted; cleared by the next one. */
  trouble = $state.raw<Problem | null>(null)
  /** The wish that waits for its answer. */
  pending = $state<Name | null>(null)
  sitting = $state.raw<Sitting | null>(null)
  readonly onAir: OnAir
  readonly chat = new Chat({
    send: (text, key) => this.send('chat:send', { text, key }),
    history: async () => (await this.send('chat:history', {})).lines,
    delivered: (upTo) => this.send('chat:delivered', { upTo }),
    read: (upTo) => this.send('chat:read', { upTo }),
  })
  memory = $state.raw<AttemptMemory | null>(null)
  #line = $state.raw<Line | null>(null)
  #entry: KeptEntry | null = null
  #ahead = false
  #closed = false
  readonly #ending: (() => void)[] = []
  readonly #awaitingLine: (() => void)[] = []

  constructor(attempt: AttemptId) {
    this.attempt = attempt
    this.onAir = new OnAir({
      attempt,
      credential: () => this.credential,
      lease: () => this.lease,
      ticket: () => this.api.attempt.ticket({ attempt, lease: this.lease }),
      online: () => this.online,
      tell: (track, lost, cause) => this.send('attempt:media', { track, lost, cause }),
      tellStep: (step, ago) => this.send('attempt:step', { step, ago }),
      tellSignal: (signal, ago) => this.send('attempt:signal', { signal, ago }),
    })
  }

  get line(): LineState {
    return this.#line?.state ?? { kind: 'connecting' }
  }

  get online(): boolean {
    return this.line.kind === 'connected'
  }

  get credential(): string | null {
    return this.#entry?.credential ?? null
  }

  get lease(): number {
    return this.#entry?.lease ?? 0
  }

  /** The contract's client, speaking as the attempt once entered. */
  readonly api: ApiClient = createApi(() => this.credential)

  /** Opens the page: takes up where this browser was, or looks first whether somebody sits elsewhere. */
  async open(): Promise<void> {
    this.opening = { kind: 'opening' }
    const memory = (this.memory ??= await AttemptMemory.open(this.attempt))
    const kept = await memory.entry()
    if (kept) return this.enter()
    try {
      this.#accept(await api.attempt.view({ attempt: this.attempt }))
      const { view } = this
      if (view && isOnAir(view)) this.opening = { kind: 'elsewhere' }
      // Looking is no coming back: what is waited for is in the browser it was written in [ATT-06].
      else if (view && isOver(view)) this.opening = { kind: 'outside' }
      else await this.enter()
    } catch (error) {
      this.opening = { kind: 'failed', problem: toProblem(error) }
    }
  }

  /** Enters, or takes the attempt over. Without network, or signed out, what this browser kept is good enough [IDN-09]. */
  async enter(): Promise<void> {
    const memory = (this.memory ??= await AttemptMemory.open(this.attempt))
    try {
      const { attempt } = this
      const { credential, lease, view } = await api.attempt.enter({
        attempt,
        profile: await memory.profile(),
      })
      this.#entry = { credential, lease }
      await memory.keepEntry(this.#entry)
      this.#accept(view)
    } catch (error) {
      if (!(await this.#enterByMemory(memory, toProblem(error)))) return
    }
    this.opening = { kind: 'inside' }
    this.#hold()
    // The greeting says what this browser has to bring: a page that does not know yet would end the wait for it [ATT-06].
    await this.sitting?.resumed
    if (!this.#closed) this.#connect()
  }

  /** False when there is no way in; then `opening` says why. */
  async #enterByMemory(memory: AttemptMemory, problem: Problem): Promise<boolean> {
    const [entry, view] = await Promise.all([memory.entry(), memory.view()])
    if (entry && view && (isTransient(problem) || problem.code === 'not-signed-in')) {
      this.#entry = entry
      this.#accept(view)
      return true
    }
    // The server knows the attempt and will not have anybody in: its view says how it stands.
    const known = await api.attempt.view({ attempt: this.attempt }).catch(() => null)
    if (known) this.#accept(known)
    const outside = known && (known.status === 'scheduled' || isOver(known))
    this.opening = outside ? { kind: 'outside' } : { kind: 'failed', problem }
    return false
  }

  /** Sends a wish. True when it was granted; else `trouble` says why. One at a time. */
  async ask<Event extends Name>(event: Event, input: InputOf<Events, Event>): Promise<boolean> {
    if (this.pending) return false
    this.pending = event
    this.trouble = null
    try {
      await this.#lineUp()
      await this.send(event, input)
      return true
    } catch (error) {
      this.trouble = toProblem(error)
      return false
    } finally {
      this.pending = null
    }
  }

  /** A click just before the line is up, or in a short cut, waits for it a moment instead of failing. */
  #lineUp(): Promise<void> {
    if (this.online) return Promise.resolve()
    return new Promise((resolve) => {
      this.#awaitingLine.push(resolve)
      setTimeout(resolve, LINE_PATIENCE)
    })
  }

  /** A wish that names the last save: what is typed goes first, and once more if the server still misses some [ATT-05]. */
  async askAfterAnswers<Event extends Numbered>(
    event: Event,
    input: Omit<InputOf<Events, Event>, 'lastNumber'>,
  ): Promise<boolean> {
    const { sitting } = this
    if (!sitting) return false
    await sitting.deliver()
    const numbered = () => ({ ...input, lastNumber: sitting.drafts.lastNumber }) as InputOf<Events, Event>
    if (await this.ask(event, numbered())) return true
    if (this.trouble?.code !== 'answers-missing') return false
    sitting.drafts.retry()
    await sitting.deliver()
    return this.ask(event, numbered())
  }

  /** Leaves: the page is closed or another one has taken over. */
  close(): void {
    this.#closed = true
    for (const end of this.#ending.splice(0)) end()
    this.#line?.close()
    this.sitting?.drafts.stop()
    this.onAir.close()
  }

  /** This page is the one: another tab of this browser that opens the attempt takes the lock, even without a network. */
  #hold(): void {
    this.#ending.push(application.holdVersion())
    const end = new AbortController()
    this.#ending.push(() => end.abort())
    const untilClosed = () =>
      new Promise<void>((resolve) => end.signal.addEventListener('abort', () => resolve()))
    navigator.locks
      .request(lockOfAttempt(this.attempt), { steal: true }, untilClosed)
      .catch(() => this.#supersede())
  }

  #connect(): void {
    this.#line = openLine<Events, CandidateMessages>({
      greeting: () => ({
        kind: 'candidate',
        attempt: this.attempt,
        credential: this.credential,
        lease: this.lease,
        lastNumber: this.sitting?.drafts.lastNumber ?? 0,
      }),
      on: {
        attempt: (view) => this.#accept(view),
        chat: (line) => this.chat.take(line),
        superseded: () => this.#supersede(),
      },
      onconnected: () => {
        for (const go of this.#awaitingLine.splice(0)) go()
        this.onAir.connected()
        void this.chat.connected()
        this.sitting?.drafts.retry()
      },
      onstate: (state) => {
        if (state.kind !== 'refused') return
        if (state.code === 'lease-superseded') this.#supersede()
        else this.opening = { kind: 'failed', problem: new Problem(state.code) }
      },
    })
    this.#ending.push(clock.follow(async () => (await this.send('attempt:clock', {})).now))
  }

  /** Sends one event and gives its answer; throws a `Problem`. For what has its own place to say so; else `ask`. */
  async send<Event extends Name>(
    event: Event,
    input: InputOf<Events, Event>,
  ): Promise<AnswerOf<Events, Event>> {
    if (!this.#line) throw new Problem('offline')
    return this.#line.send(event, input)
  }

  /** Takes a snapshot unless it is older than the one shown. */
  #accept(view: AttemptView): void {
    const before = this.view
    // What stands beside the events (requests, steps) changes without a new version: then the later moment counts.
    if (
      before &&
      (view.version < before.version || (view.version === before.version && view.now < before.now))
    )
      return
    this.view = view
    const kept = this.memory?.keepView(view)
    if (!this.#entry) return
    // Brought back [SUP-06]: answers, devices, recording and line ended for good on this page; a fresh one has them all. It
    // may open by what is kept, so that comes first.
    if (before && isOver(before) && isOnAir(view)) return void kept?.then(() => location.reload())
    if (view.sitting) this.sitting ??= this.#sit()
    this.sitting?.follow(before, view)
    this.onAir.follow(view)
    if (isOnAir(view) && !this.#ahead) {
      this.#ahead = true
      void loadAhead()
    }
  }

  #sit(): Sitting {
    const { attempt, lease, api: own, memory } = this
    if (!memory) throw new Error('a sitting before its memory')
    return new Sitting({
      attempt,
      lease,
      api: own,
      memory,
      view: () => this.view,
      saveLive: (save) => (this.online ? this.send('attempt:save', { lease, ...save }) : null),
      announce: (lastNumber) =>
        void this.send('attempt:announce-answers', { lastNumber }).catch(() => undefined),
      acknowledgeHold: () => this.send('attempt:acknowledge-hold', {}),
      fetchPicture: fetchBytes,
    })
  }

  #supersede(): void {
    if (this.opening.kind === 'superseded') return
    this.opening = { kind: 'superseded', answers: null }
    this.close()
    void (this.sitting?.drafts.handIn() ?? Promise.resolve('counted' as const)).then((answers) => {
      this.opening = { kind: 'superseded', answers }
    })
  }
}
