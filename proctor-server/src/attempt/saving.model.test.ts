import type { Save, Saved } from '@vigie/contract/attempt/answers'
import { canonicalAnswers } from '@vigie/exam-engine/attempt/draft'
import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import { replay } from '@vigie/exam-engine/attempt/evolve'
import { browserProfile, digest, personId } from '@vigie/exam-engine/attempt/ids'
import type { SaveLink } from '@vigie/exam-engine/attempt/saveLink'
import { answerStream, linkedText } from '@vigie/exam-engine/evidence/answerStream'
import { verifyChain } from '@vigie/exam-engine/evidence/chain'
import { HOUR } from '@vigie/kernel/instant'
import fc from 'fast-check'
import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { gatherCrowd, type Crowd } from '../../../test/load/crowd.ts'
import type { OwnDatabase } from '../../../test/stack/databases.ts'
import { testDatabase } from '../../../test/stack/testDatabase.ts'
import { temporaryFolder, type TemporaryFolder } from '../../../test/stack/temporaryFolder.ts'
import { createPapers } from '../catalog/store.ts'
import { chainOf } from '../evidence/receiptStore.ts'
import { openDatabase, type Database } from '../platform/database.ts'
import { randomSalt, sha256 } from '../platform/keys.ts'
import { Refused } from '../platform/refused.ts'
import { startTestServer } from '../testing/server.ts'
import { createAct, type Intent } from './act.ts'
import { createSaving, type SaveDraft } from './saving.ts'
import { readAttempt } from './store.ts'

// A loaded machine takes its time.
vi.setConfig({ testTimeout: 120_000 })

const HOME = browserProfile.parse('profile-load')
const ELSEWHERE = browserProfile.parse('profile-elsewhere')

/**
 * One exam's save path on a real database: two processes that are killed and started anew, a page whose saves are
 * doubled, reordered and lost, holds, takeovers, and a clock that is set while it all goes on; holds, takeovers and the
 * deadline also fall among saves that are on their way.
 */
const saveStep = fc.record({
  do: fc.constant('save' as const),
  /** 0 is its newest save, 1 the one before it … as they arrive a second time or late; negative ones are new. */
  back: fc.integer({ min: -2, max: 3 }),
  process: fc.nat(1),
  ackLost: fc.boolean(),
})
const saves = fc.array(saveStep, { minLength: 1, maxLength: 5 })
const command = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('hold' as const, 'resume' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('takeover' as const),
      profile: fc.constantFrom(HOME, HOME, ELSEWHERE),
    }),
  },
  // Whatever was left of the time is over; two processes notice.
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const) }) },
)
const step = fc.oneof(
  { weight: 8, arbitrary: saves },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('race' as const), saves, command }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), process: fc.nat(1) }) },
  { weight: 2, arbitrary: command },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('clock' as const),
      by: fc.integer({ min: -20_000, max: 60_000 }),
    }),
  },
)
type SaveStep = typeof saveStep extends fc.Arbitrary<infer One> ? One : never
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

const LEAD = { role: 'lead', id: personId.parse('00000000-0000-7000-8000-0000000000f1') } as const
const EXPIRE = { type: 'expire', by: { role: 'system' } } as const
const RUNS = 24

describe('the save path and the reference', () => {
  let database: OwnDatabase
  let folder: TemporaryFolder
  let db: Database
  let pool: Pool
  let crowd: Crowd
  let next = 0

  beforeAll(async () => {
    database = await testDatabase()
    folder = await temporaryFolder()
    // Migrates and seeds, then leaves the database to the model alone.
    const server = await startTestServer({ beside: { databaseUrl: database.url, dataDir: folder.path } })
    await server[Symbol.asyncDispose]()
    const proctorEmail = 'surveillant@demo.test'
    // Shrinking a failure needs more than the runs.
    crowd = await gatherCrowd(database.url, { size: RUNS * 10, status: 'running', proctorEmail })
    ;({ db, pool } = openDatabase(database.url, 6))
  })
  afterAll(async () => {
    await db.destroy()
    await database[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  class World {
    readonly attempt = crowd.members[next++]!.attempt
    #ahead = 0
    readonly #deps = {
      db,
      clock: { now: () => Date.now() + this.#ahead, elapsed: () => performance.now() },
      replica: 'alone',
      withChanges: async () => {},
      publish: () => {},
    }
    readonly #act = createAct(this.#deps)
    readonly #processes: SaveDraft[] = [this.#start(), this.#start()]
    #lease = 1
    #known: SaveLink | null = null
    readonly #made: Save[] = []
    /** The reference: what was acknowledged as stored, by its number. */
    readonly #stored = new Map<number, string>()

    #start(): SaveDraft {
      const metrics = { saveBatch: { observe() {} }, saveSeconds: { observe() {} } } as never
      return createSaving({ ...this.#deps, pool, papers: createPapers(), setAside: async () => {}, metrics })
    }

    async #command(intent: object): Promise<void> {
      await this.#act(this.attempt, intent as Intent).catch((error: unknown) => {
        // What does not exist in this state.
        if (!(error instanceof Refused)) throw error
      })
    }

    /** The page's save: made now, or one it made before. */
    #save(back: number): Save {
      const before = this.#made.at(-1 - back)
      if (back >= 0 && before) return before
      const number = (this.#made.at(-1)?.number ?? 0) + Math.max(1, -back)
      const { id, choices } = crowd.questions[number % crowd.questions.length]!
      const answers = { [id]: [choices[number % choices.length]!] } as Save['answers']
      const made = {
        lease: this.#lease,
        number,
        answers,
        chained: { salt: randomSalt(), previous: this.#known },
      }
      this.#made.push(made)
      return made
    }

    #heard({ number, answers, chained }: Save, { other }: Saved, lost: boolean): void {
      if (other) return
      this.#stored.set(number, canonicalAnswers(answers))
      if (lost || number <= (this.#known?.number ?? 0)) return
      const { salt, previous } = chained!
      const hash = digest.parse(sha256(salt + canonicalAnswers(answers)))
      this.#known = { number, link: digest.parse(sha256(linkedText(previous?.link ?? null, number, hash))) }
    }

    async #send(steps: readonly SaveStep[]): Promise<void> {
      const made = steps.map((one) => ({ ...one, save: this.#save(one.back) }))
      await Promise.all(
        made.map(async ({ save, process, ackLost }) => {
          try {
            this.#heard(save, await this.#processes[process]!(this.attempt, save), ackLost)
          } catch (error) {
            if (!(error instanceof Refused)) throw error
            expect(['held', 'lease-superseded', 'closed', 'sealed']).toContain(error.code)
          }
        }),
      )
    }

    async go(what: Step): Promise<void> {
      if (Array.isArray(what)) await this.#send(what)
      else if (what.do === 'race') await Promise.all([this.#send(what.saves), this.go(what.command)])
      else if (what.do === 'end') {
        this.#ahead += 4 * HOUR
        await Promise.all([this.#command(EXPIRE), this.#command(EXPIRE)])
      } else if (what.do === 'restart') this.#processes[what.process] = this.#start()
      else if (what.do === 'clock') this.#ahead += what.by
      else if (what.do === 'takeover') {
        await this.#command({ type: 'takeLease', by: await this.#candidate(), profile: what.profile })
        const { state } = (await readAttempt(db, this.attempt))!
        this.#lease = 'presence' in state ? state.presence.lease : 0
        this.#known = ('sitting' in state && state.sitting?.draft.linked) || null
      } else if (what.do === 'hold') {
        await this.#command({ type: 'hold', by: LEAD, reason: { code: 'verification', note: null } })
        await this.#command({ type: 'acknowledgeHold', by: await this.#candidate(), lease: this.#lease })
      } else await this.#command({ type: 'resume', by: LEAD, credit: true })
    }

    async #candidate() {
      const { state } = (await readAttempt(db, this.attempt))!
      return { role: 'candidate', id: state.booking.candidateId } as const
    }

    /** Everything acknowledged is there as it was sent, the chain holds, and the record alone gives what is stored. */
    async compare(): Promise<void> {
      const attempt = (await readAttempt(db, this.attempt))!
      const links = await chainOf(db, this.attempt)
      expect(verifyChain(sha256, links, { length: attempt.version, head: attempt.head }).ok).toBe(true)
      const events = links.map(({ text }) => (JSON.parse(text) as { event: AttemptEvent }).event)
      expect(replay(events)).toEqual(attempt.state)
      const rows = await db
        .selectFrom('attempt_save')
        .select(['number', 'salt', 'answers'])
        .where('attempt_id', '=', this.attempt)
        .orderBy('number')
        .execute()
      const stored = events.flatMap((event) =>
        event.type === 'answers-saved' || event.type === 'late-answers-saved' ? [event] : [],
      )
      expect(stored.map(({ number, digest: said }) => [number, said])).toEqual(
        rows.map(({ number, salt, answers }) => [number, sha256(salt + answers)]),
      )
      const there = new Map(rows.map(({ number, answers }) => [number, answers]))
      for (const [number, answers] of this.#stored) expect(there.get(number)).toBe(answers)
      const draft = 'sitting' in attempt.state ? attempt.state.sitting?.draft : null
      expect(draft?.number).toBe(rows.at(-1)?.number ?? 0)
      // Closed once, and what is sealed is the last that was stored [ATT-06.1].
      expect(events.filter(({ type }) => type === 'closed').length).toBeLessThanOrEqual(1)
      const sealed = events.find((event) => event.type === 'sealed')
      if (sealed) expect(sealed.number).toBe(draft?.number)
      expect(answerStream(sha256, events)).toEqual({ linked: rows.length, unlinked: 0, breaks: [] })
    }
  }

  it('[ATT-04.1] [ATT-06.1] [EVD-04] [EVD-04.4] [ROOM-05] agree, whatever is doubled, reordered, lost, held, taken over, ended, restarted, and however the clock is set', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 16 }), async (steps) => {
        const world = new World()
        for (const one of steps) await world.go(one)
        await world.compare()
      }),
      { numRuns: RUNS },
    )
  })
})
