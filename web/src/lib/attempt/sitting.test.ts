import type { CandidatePaper } from '@vigie/contract/attempt/paper'
import type { AttemptView } from '@vigie/contract/attempt/view'
import { attemptId, partId, questionId } from '@vigie/exam-engine/attempt/ids'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ApiClient } from '#lib/platform/http.ts'
import { Problem } from '#lib/platform/problem.ts'
import type { KeptDraft } from './draft.ts'
import type { AttemptMemory, KeptPlace } from './memory.ts'
import { Sitting } from './sitting.svelte.ts'
import { answers, offline, TestWire, until } from './testPage.ts'
import { testView } from './testView.ts'

// A loaded machine takes its time.
vi.setConfig({ testTimeout: 60_000 })

const ATTEMPT = attemptId.parse('01900000-0000-7000-8000-000000000001')
const PARTS = [partId.parse('part-1'), partId.parse('part-2')] as const
const choices = ['a', 'b'].map((id) => ({ id, text: id }))
const question = (id: string, type: 'single' | 'short-text') => ({
  id: questionId.parse(id),
  type,
  text: id,
  choices: type === 'single' ? choices : [],
})
const PAPER: CandidatePaper = {
  title: 'Sujet',
  parts: [
    { id: PARTS[0], title: 'Une', questions: [question('q1', 'single')] },
    { id: PARTS[1], title: 'Deux', questions: [question('q2', 'short-text')] },
  ],
}
const [first, second] = [PAPER.parts[0]!.questions[0]!, PAPER.parts[1]!.questions[0]!]

type SittingView = NonNullable<AttemptView['sitting']>
const running = (sitting: Partial<SittingView> = {}, more: Partial<AttemptView> = {}) =>
  testView({
    status: 'running',
    sitting: {
      startedAt: 0,
      deadline: 3_600_000,
      seed: '',
      ledger: [],
      draft: { number: 0, savedAt: null, answeredCount: 0, announced: 0 },
      closedParts: [],
      coveredUntil: null,
      holdRequested: false,
      endRequest: null,
      endObjected: false,
      ...sitting,
    },
    ...more,
  })

/** A page at its exam: server, disk and line are the test's. */
class Desk {
  readonly wire = new TestWire()
  view: AttemptView = running()
  /** Null: there is no line, HTTP has to do. */
  line = true
  readonly byHttp: object[] = []
  readonly asked: string[] = []
  stored: () => Promise<object> = async () => ({ number: 0, answers: {} })
  paper: () => Promise<CandidatePaper> = async () => PAPER
  readonly memory: { draft: KeptDraft | null; place: KeptPlace | null; paper: CandidatePaper | null } = {
    draft: null,
    place: null,
    paper: null,
  }
  readonly pictures: string[] = []
  picture: () => Promise<unknown> = async () => null
  forgotten = false
  holdsAcknowledged = 0

  readonly sitting = new Sitting({
    attempt: ATTEMPT,
    lease: 1,
    view: () => this.view,
    api: {
      attempt: {
        draft: () => (this.asked.push('draft'), this.stored()),
        paper: () => (this.asked.push('paper'), this.paper()),
        save: (input: object & { number: number }) => {
          this.byHttp.push(input)
          return Promise.resolve({ number: input.number, savedAt: 7 })
        },
      },
    } as unknown as ApiClient,
    memory: {
      draft: async () => this.memory.draft,
      place: async () => this.memory.place,
      paper: async () => this.memory.paper,
      keepDraft: (kept: KeptDraft) => ((this.memory.draft = kept), this.wire.keep(kept)),
      keepPlace: async (kept: KeptPlace) => void (this.memory.place = kept),
      keepPaper: async (kept: CandidatePaper) => void (this.memory.paper = kept),
      forgetSitting: async () => void (this.forgotten = true),
    } as unknown as AttemptMemory,
    saveLive: (save) => (this.line ? this.wire.send(save) : null),
    announce: this.wire.announce,
    acknowledgeHold: async () => void (this.holdsAcknowledged += 1),
    fetchPicture: (address) => (this.pictures.push(address), this.picture()),
  })

  /** A snapshot comes. */
  follow(view: AttemptView): void {
    const before = this.view
    this.view = view
    this.sitting.follow(before, view)
  }

  async opened(): Promise<this> {
    this.follow(this.view)
    await until(() => this.sitting.paper !== null)
    return this
  }
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

describe('an exam on its page', () => {
  it('[ATT-04] given a line, then saves go by socket; without one, then by HTTP with attempt and lease', async () => {
    const desk = await new Desk().opened()
    desk.sitting.answer(first, ['a'])
    await pass(200)
    ;(await desk.wire.leaving(1)).acknowledge()
    await until(() => desk.sitting.drafts.safe)
    desk.line = false
    desk.sitting.answer(first, ['b'])
    await pass(200)
    await until(() => desk.sitting.drafts.safe)
    expect(desk.byHttp).toMatchObject([{ attempt: ATTEMPT, lease: 1, number: 2, answers: { q1: ['b'] } }])
    expect(desk.wire.sent).toHaveLength(1)
  })

  it('[ATT-04] given a line that dies under a save, then the same save goes by HTTP', async () => {
    const desk = await new Desk().opened()
    desk.sitting.answer(first, ['a'])
    await pass(200)
    const lost = await desk.wire.leaving(1)
    desk.line = false
    lost.fail(new Problem('no-answer'))
    await until(() => vi.getTimerCount() > 0)
    await pass(500)
    await until(() => desk.sitting.drafts.safe)
    expect(desk.byHttp).toEqual([{ attempt: ATTEMPT, lease: 1, ...lost.save }])
  })

  it('[ROOM-04] given what this browser kept and no network, then it goes on alone; questions come from its disk', async () => {
    const desk = new Desk()
    desk.line = false
    desk.stored = () => Promise.reject(offline())
    desk.memory.draft = {
      lease: 1,
      number: 2,
      answers: answers({ q1: ['b'] }),
      stored: { number: 2, savedAt: 5, answers: answers({ q1: ['b'] }) },
    }
    desk.memory.paper = PAPER
    desk.memory.place = { marked: ['q2'], question: 'q2' }
    await desk.opened()
    expect(desk.sitting.drafts.answers).toEqual({ q1: ['b'] })
    expect([desk.sitting.current, desk.sitting.marked.has('q2'), desk.sitting.drafts.safe]).toEqual([
      'q2',
      true,
      true,
    ])
    expect(desk.asked).toEqual(['draft'])
  })

  it('[ROOM-05] given that another machine may have worked on, then the server is asked until it answers, and nothing is saved before', async () => {
    const desk = new Desk()
    desk.stored = () => Promise.reject(offline())
    desk.follow(desk.view)
    for (let tries = 1; tries <= 3; tries += 1) {
      await until(
        () => desk.asked.filter((what) => what === 'draft').length === tries && vi.getTimerCount() === 1,
      )
      expect(desk.sitting.paper).toBeNull()
      if (tries === 3) desk.stored = async () => ({ number: 9, answers: answers({ q2: ['là'] }) })
      await vi.advanceTimersToNextTimerAsync()
    }
    await until(() => desk.sitting.paper !== null)
    expect(desk.sitting.drafts.answers).toEqual({ q2: ['là'] })
    expect(desk.wire.sent).toEqual([])
    desk.sitting.answer(first, ['a'])
    await pass(200)
    expect((await desk.wire.leaving(1)).save).toMatchObject({
      number: 10,
      answers: { q1: ['a'], q2: ['là'] },
    })
  })

  it('[ATT-07] questions are asked for while the exam runs, again when the network fails, never in a hold', async () => {
    const desk = new Desk()
    desk.view = running({}, { status: 'held' })
    desk.follow(desk.view)
    await desk.sitting.resumed
    expect(desk.asked).not.toContain('paper')
    desk.paper = () => Promise.reject(offline())
    desk.follow(running())
    await until(() => desk.asked.includes('paper') && vi.getTimerCount() === 1)
    desk.paper = async () => PAPER
    await pass(1_000)
    await until(() => desk.memory.paper !== null)
    expect(desk.sitting.current).toBe('q1')
  })

  it('[ATT-07] [ATT-05] answers may be given to an open part of a running exam only', async () => {
    const desk = await new Desk().opened()
    const [open, other] = PAPER.parts
    const may = (view: AttemptView) => {
      desk.view = view
      return [desk.sitting.mayAnswer(open!), desk.sitting.mayAnswer(other!), desk.sitting.covered]
    }
    expect(may(running())).toEqual([true, true, false])
    expect(may(running({ closedParts: [PARTS[0]] }))).toEqual([false, true, false])
    expect(may(running({ holdRequested: true }))).toEqual([false, false, true])
    expect(may(running({}, { status: 'held' }))).toEqual([false, false, true])
    expect(may(running({}, { status: 'closed' }))).toEqual([false, false, false])
  })

  it('[ATT-08] given a hold that is asked for, then what was typed goes first and the hold is acknowledged after it', async () => {
    const desk = await new Desk().opened()
    desk.sitting.answer(second, ['Rhône'])
    desk.follow(running({ holdRequested: true }))
    const last = await desk.wire.leaving(1)
    expect(last.save.answers).toEqual({ q2: ['Rhône'] })
    expect(desk.holdsAcknowledged).toBe(0)
    last.acknowledge()
    await until(() => desk.holdsAcknowledged === 1)
  })

  it('[ATT-07] [ATT-06] given a save that a hold refused, then it is announced, and goes when the hold is over', async () => {
    const desk = await new Desk().opened()
    desk.sitting.answer(first, ['a'])
    await pass(200)
    ;(await desk.wire.leaving(1)).fail(new Problem('held'))
    await until(() => desk.sitting.drafts.refusal !== null)
    expect(desk.wire.announced).toEqual([1])
    desk.follow(running({}, { status: 'held' }))
    desk.follow(running())
    ;(await desk.wire.leaving(2)).acknowledge()
    await until(() => desk.sitting.drafts.safe)
  })

  it('[ATT-05] given a part that was closed meanwhile, then its answers are the server’s word and the rest is saved', async () => {
    const desk = new Desk()
    desk.stored = async () => ({ number: 1, answers: answers({ q1: ['a'] }) })
    await desk.opened()
    desk.sitting.answer(first, ['b'])
    desk.sitting.answer(second, ['Rhône'])
    desk.view = running({ closedParts: [PARTS[0]] })
    await pass(1_000)
    ;(await desk.wire.leaving(1)).fail(new Problem('part-closed'))
    await until(() => vi.getTimerCount() > 0)
    await pass(1_000)
    const again = await desk.wire.leaving(2)
    expect(again.save.answers).toEqual({ q1: ['a'], q2: ['Rhône'] })
    again.acknowledge()
    await until(() => desk.sitting.drafts.safe)
  })

  it('[RET-01] [ATT-06] given a sealed exam, then questions and answers leave this computer once the server has or has refused all', async () => {
    const done = await new Desk().opened()
    done.follow(running({}, { status: 'sealed' }))
    await until(() => done.forgotten)

    const late = await new Desk().opened()
    late.sitting.answer(first, ['a'])
    late.follow(running({}, { status: 'sealed' }))
    const last = await late.wire.leaving(1)
    expect(late.forgotten).toBe(false)
    last.fail(new Problem('sealed'))
    await until(() => late.forgotten)

    const cut = await new Desk().opened()
    cut.sitting.answer(first, ['a'])
    cut.follow(running({}, { status: 'sealed' }))
    ;(await cut.wire.leaving(1)).fail(offline())
    await until(() => vi.getTimerCount() > 0)
    await pass(30_000)
    expect(cut.forgotten).toBe(false)
  })

  it('[ROOM-04] given pictures in questions not yet seen, then each is fetched while there is a line, again until it is there', async () => {
    const desk = new Desk()
    const picture = (number: number) => `![Un plan](/api/pictures/${number})`
    const drawn = {
      ...first,
      text: `${picture(1)} ${picture(1)}`,
      choices: [{ id: 'a', text: picture(2) }],
    }
    desk.paper = async () => ({
      ...PAPER,
      parts: [{ ...PAPER.parts[0]!, questions: [drawn, { ...second, text: picture(3) }] }],
    })
    desk.picture = () => Promise.reject(offline())
    await desk.opened()
    await pass(5_000)
    expect(desk.pictures.length).toBeGreaterThan(1)
    expect(desk.pictures).toEqual(Array(desk.pictures.length).fill('/api/pictures/1'))
    // One that does not exist is not asked for again.
    desk.picture = () => Promise.reject(new Problem('not-found'))
    await pass(20_000)
    desk.picture = async () => null
    expect(new Set(desk.pictures)).toEqual(new Set([1, 2, 3].map((number) => `/api/pictures/${number}`)))
    const asked = desk.pictures.length
    await pass(60_000)
    expect(desk.pictures).toHaveLength(asked)
  })
})
