import { canonicalAnswers } from '@vigie/exam-engine/attempt/draft'
import { digest } from '@vigie/exam-engine/attempt/ids'
import { linkedText } from '@vigie/exam-engine/evidence/answerStream'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Problem } from '#lib/platform/problem.ts'
import { sha256 } from '#lib/platform/sha256.ts'
import type { KeptDraft } from './draft.ts'
import { Drafts, type OutgoingSave } from './drafts.svelte.ts'
import { saveState } from './saveState.ts'
import { answers, offline, TestWire, until, type Sent } from './testPage.ts'

// A loaded machine takes its time.
vi.setConfig({ testTimeout: 60_000 })

const NOTHING = { number: 0, savedAt: null, answers: {} }

function page(kept: KeptDraft | null = null, server = NOTHING) {
  const wire = new TestWire()
  const drafts = new Drafts(wire)
  drafts.resume(kept, 1, server)
  return { wire, drafts }
}

const linkOf = async ({ number, answers: given, chained }: OutgoingSave) => {
  const hash = digest.parse(await sha256(chained!.salt + canonicalAnswers(given)))
  return sha256(linkedText(chained!.previous?.link ?? null, number, hash))
}

/** Lets what is under way end; a hash may take as long as it likes elsewhere. */
const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

describe('answers on their way from the page', () => {
  it('[ATT-04] [ROOM-04] given anything typed, then it is on this disk before it leaves', async () => {
    const { wire, drafts } = page()
    drafts.change(answers({ q1: ['Rh'] }))
    await drafts.kept()
    expect(wire.disk.at(-1)).toMatchObject({ lease: 1, answers: { q1: ['Rh'] } })
    expect(wire.sent).toEqual([])
    expect(drafts.safe).toBe(false)
  })

  it('[ATT-04] given a slow disk, then one write at a time, and what was typed meanwhile by the next one', async () => {
    const { wire, drafts } = page()
    await drafts.kept()
    wire.slowDisk = true
    for (const text of ['a', 'ab', 'abc']) drafts.change(answers({ q1: [text] }))
    await until(() => wire.writing === 1)
    drafts.change(answers({ q1: ['abcd'] }))
    wire.write()
    await until(() => wire.writing === 1)
    wire.write()
    await drafts.kept()
    expect(wire.disk.slice(-2).map((kept) => Object.values(kept.answers)[0])).toEqual([['abc'], ['abcd']])
  })

  it.each([
    ['typed', 1_000],
    ['chosen', 200],
  ] as const)('[ATT-04] when something is %s, then it leaves after %i ms of quiet', async (how, quiet) => {
    const { wire, drafts } = page()
    drafts.change(answers({ q1: ['a'] }), how)
    await vi.advanceTimersByTimeAsync(quiet - 1)
    await settle()
    expect(wire.sent).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect((await wire.leaving(1)).save).toMatchObject({ number: 1, answers: { q1: ['a'] } })
  })

  it('[ATT-04] [ATT-06] when somebody types on and on, then a save leaves every 4 s; in the last seconds at once', async () => {
    const { wire, drafts } = page()
    for (let typed = 0; typed < 8; typed += 1) {
      drafts.change(answers({ q1: ['x'.repeat(typed + 1)] }))
      await vi.advanceTimersByTimeAsync(500)
    }
    expect((await wire.leaving(1)).save.answers).toEqual({ q1: ['x'.repeat(8)] })
    const late = page()
    late.drafts.change(answers({ q1: ['a'] }), 'now')
    expect((await late.wire.leaving(1)).save.number).toBe(1)
  })

  it('[ATT-04] when something is answered in the breath in which answers were taken up, then it leaves', async () => {
    const { wire, drafts } = page()
    drafts.change(answers({ q1: ['a'] }), 'now')
    ;(await wire.leaving(1)).acknowledge()
    await until(() => drafts.safe)
  })

  it('[ATT-04] while a save is under way, then the server hears that others exist, and the newest whole one goes next', async () => {
    const { wire, drafts } = page()
    drafts.change(answers({ q1: ['a'] }), 'now')
    const first = await wire.leaving(1)
    drafts.change(answers({ q1: ['b'] }), 'now')
    drafts.change(answers({ q1: ['b'], q2: ['c'] }), 'now')
    expect(wire.announced).toEqual([2, 3])
    first.acknowledge()
    const next = await wire.leaving(2)
    expect(next.save).toMatchObject({ number: 3, answers: { q1: ['b'], q2: ['c'] } })
    expect(drafts.safe).toBe(false)
    next.acknowledge()
    await until(() => drafts.safe)
    expect([drafts.savedAt, drafts.waiting, wire.sent.length]).toEqual([3_000, 0, 2])
  })

  it('[ATT-04] [ROOM-04] when nothing gets through, then the same save goes again, ever later and never in step with others', async () => {
    const random = vi.spyOn(Math, 'random')
    const { wire, drafts } = page()
    drafts.change(answers({ q1: ['a'] }), 'now')
    for (const [failed, drawn, wait] of [
      [1, 0, 250],
      [2, 1, 1_000],
      [3, 0.5, 1_500],
      [4, 0, 2_000],
      [5, 0, 4_000],
      [6, 0, 5_000],
      [7, 1, 10_000],
    ] as const) {
      const sent = await wire.leaving(failed)
      random.mockReturnValue(drawn)
      sent.fail(offline())
      await until(() => vi.getTimerCount() === 1)
      expect(drafts.faltering).toBe(true)
      await vi.advanceTimersByTimeAsync(wait - 1)
      await settle()
      expect(wire.sent).toHaveLength(failed)
      await vi.advanceTimersByTimeAsync(1)
    }
    const again = await wire.leaving(8)
    // A second salt under one number would be another link [EVD-04.4].
    expect(again.save).toEqual(wire.sent[0]!.save)
    again.acknowledge()
    await until(() => drafts.safe)
    expect(drafts.faltering).toBe(false)
  })

  it('[EVD-02] when a busy server says how long, then so long; when the line is back, then at once', async () => {
    const { wire, drafts } = page()
    drafts.change(answers({ q1: ['a'] }), 'now')
    ;(await wire.leaving(1)).fail(new Problem('busy', {}, 30_000))
    await until(() => vi.getTimerCount() === 1)
    await vi.advanceTimersByTimeAsync(29_999)
    await settle()
    expect(wire.sent).toHaveLength(1)
    drafts.retry()
    expect((await wire.leaving(2)).save.number).toBe(1)
  })

  it('[EVD-04.4] given an acknowledged save, then the next one stands on it by its hash', async () => {
    const { wire, drafts } = page()
    drafts.change(answers({ q1: ['b', 'a'] }), 'now')
    const first = await wire.leaving(1)
    expect(first.save.chained).toMatchObject({ previous: null })
    first.acknowledge()
    await until(() => drafts.safe)
    drafts.change(answers({ q1: ['a'] }), 'now')
    const { save } = await wire.leaving(2)
    expect(save.chained!.previous).toEqual({ number: 1, link: await linkOf(first.save) })
    expect(save.chained!.salt).not.toBe(first.save.chained!.salt)
    expect(wire.disk.at(-1)!.stored.linked).toEqual({ number: 1, link: await linkOf(first.save) })
  })

  it('[ATT-04] when its number was used for other answers, then it goes again above what stands', async () => {
    const { wire, drafts } = page()
    drafts.change(answers({ q1: ['a'] }), 'now')
    ;(await wire.leaving(1)).acknowledge({ number: 4, other: true })
    const again = await wire.leaving(2)
    expect(again.save).toMatchObject({ number: 5, answers: { q1: ['a'] } })
    again.acknowledge()
    await until(() => drafts.safe)
  })

  it('[ATT-07] when it is refused for good, then nothing is sent again by itself, and a change or the end of a hold sends it', async () => {
    const { wire, drafts } = page()
    drafts.change(answers({ q1: ['a'] }), 'now')
    ;(await wire.leaving(1)).fail(new Problem('held'))
    await until(() => drafts.refusal !== null)
    expect(wire.refusals).toEqual(['held'])
    await vi.advanceTimersByTimeAsync(60_000)
    await settle()
    expect(wire.sent).toHaveLength(1)
    // « Terminer l'examen » does not wait for what will not come.
    const end = drafts.delivered(10_000)
    ;(await wire.leaving(2)).fail(new Problem('held'))
    expect(await end).toBe(false)
    drafts.retry()
    ;(await wire.leaving(3)).acknowledge()
    await until(() => drafts.safe)
    expect(drafts.refusal).toBeNull()
  })

  it('[ATT-05] when an end waits for the last answers, then it hears once they are stored, or that they are not yet', async () => {
    const { wire, drafts } = page()
    drafts.change(answers({ q1: ['a'] }))
    const stored = drafts.delivered(10_000)
    ;(await wire.leaving(1)).acknowledge()
    expect(await stored).toBe(true)
    drafts.change(answers({ q1: ['b'] }))
    const late = drafts.delivered(10_000)
    await wire.leaving(2)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await late).toBe(false)
  })

  it('[ROOM-04] given what this browser kept, when the page is back, then what the server misses leaves at once', async () => {
    const kept = { lease: 1, number: 3, answers: answers({ q1: ['b'] }), stored: { ...NOTHING, number: 2 } }
    const { wire } = page(kept, { ...NOTHING, number: 2 })
    expect((await wire.leaving(1)).save).toMatchObject({ number: 4, answers: { q1: ['b'] } })
    const same = page(
      { lease: 1, number: 2, answers: answers({ q1: ['a', 'b'] }), stored: NOTHING },
      { number: 2, savedAt: 5 as never, answers: answers({ q1: ['b', 'a'] }) },
    )
    await settle()
    expect([same.wire.sent.length, same.drafts.safe]).toEqual([0, true])
  })

  it.each([
    ['counted', (sent: Sent) => sent.acknowledge()],
    ['here', (sent: Sent) => sent.acknowledge({ other: true })],
    ['beside', (sent: Sent) => sent.fail(new Problem('lease-superseded'))],
    ['here', (sent: Sent) => sent.fail(offline())],
  ] as const)(
    '[ROOM-05] when another page has taken over, then the last answers are %s',
    async (where, end) => {
      const { wire, drafts } = page()
      drafts.change(answers({ q1: ['a'] }))
      const told = drafts.handIn()
      end(await wire.leaving(1))
      expect(await told).toBe(where)
      drafts.change(answers({ q1: ['b'] }), 'now')
      await settle()
      expect(wire.sent).toHaveLength(1)
    },
  )

  it('[ROOM-05] given a save under way when another page takes over, then it goes again as the same', async () => {
    const { wire, drafts } = page()
    drafts.change(answers({ q1: ['a'] }), 'now')
    const told = drafts.handIn()
    const again = await wire.leaving(2)
    expect(again.save).toEqual(wire.sent[0]!.save)
    again.acknowledge()
    expect(await told).toBe('counted')
  })

  it('[ATT-04] whatever is typed, lost, cut or doubled, then the page never says more than the server has', async () => {
    type Step = { do: 'type' | 'flush' | 'wait' | 'store' | 'lose' | 'cut'; value: number }
    const steps = fc.array(
      fc.record<Step>({
        do: fc.constantFrom('type', 'type', 'flush', 'wait', 'store', 'store', 'lose', 'cut'),
        value: fc.nat(5),
      }),
      { maxLength: 30 },
    )
    await fc.assert(
      fc.asyncProperty(steps, async (run) => {
        vi.clearAllTimers()
        const { wire, drafts } = page()
        const server: { has: OutgoingSave | null } = { has: null }
        let answered = 0
        /** Nothing goes on but what the test will answer, and timers. */
        const rest = (others = 0) =>
          until(() => wire.sent.length > answered || vi.getTimerCount() > others || drafts.safe)
        const take = (save: OutgoingSave) => {
          if (save.number > (server.has?.number ?? 0)) server.has = save
        }
        const truthful = () => {
          const told = saveState({
            safe: drafts.safe,
            savedAt: drafts.savedAt,
            waiting: drafts.waiting,
            online: true,
            faltering: drafts.faltering,
            refusal: null,
            durable: true,
          })
          const has = canonicalAnswers(server.has?.answers ?? {})
          if (told.kind === 'saved' || told.kind === 'nothing')
            expect(has).toBe(canonicalAnswers(drafts.answers))
        }
        for (const step of run) {
          const waiting = wire.sent[answered]
          if (step.do === 'type') drafts.change(answers({ [`q${step.value % 3}`]: [String(step.value)] }))
          else if (step.do === 'flush') drafts.flush()
          else if (step.do === 'wait') await vi.advanceTimersByTimeAsync(step.value * 400)
          else if (waiting) {
            answered += 1
            if (step.do !== 'cut') take(waiting.save)
            if (step.do === 'store') waiting.acknowledge()
            else waiting.fail(new Problem(step.do === 'lose' ? 'no-answer' : 'offline'))
          }
          await rest()
          truthful()
        }
        // Whatever was: once everything gets through, both sides are the same.
        const done = drafts.delivered(600_000)
        await rest(1)
        for (let tries = 0; !drafts.safe && tries < 50; tries += 1) {
          const waiting = wire.sent[answered]
          if (waiting) {
            answered += 1
            take(waiting.save)
            waiting.acknowledge()
          } else await vi.advanceTimersByTimeAsync(10_000)
          await rest(1)
        }
        expect(drafts.safe).toBe(true)
        expect(await done).toBe(true)
        expect(canonicalAnswers(server.has?.answers ?? {})).toBe(canonicalAnswers(drafts.answers))
        drafts.stop()
      }),
      { numRuns: 60 },
    )
  })
})
