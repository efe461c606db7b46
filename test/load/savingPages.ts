import { canonicalAnswers } from '@vigie/exam-engine/attempt/draft'
import type { Digest } from '@vigie/exam-engine/attempt/ids'
import { linkedText } from '@vigie/exam-engine/evidence/answerStream'
import type { Socket } from 'socket.io-client'
import { randomSalt, sha256 } from '../../proctor-server/src/platform/keys.ts'
import type { Stack } from '../stack/stack.ts'
import { gatherCrowd, type Crowd, type Member } from './crowd.ts'
import { percentile, type Figure } from './figures.ts'
import { connectAll } from './sockets.ts'

/** What a load saw: how long each acknowledgement took, in milliseconds, and how many saves were refused or unanswered. */
export interface Sample {
  readonly latencies: number[]
  failed: number
}

export const emptySample = (): Sample => ({ latencies: [], failed: 0 })

/** One candidate's page as far as saving goes: its socket, and the number of its last save. */
export class SavingPage {
  #number = 0
  #linked: { number: number; link: string } | null = null
  readonly #member: Member
  readonly #socket: Socket
  readonly #questions: Crowd['questions']
  constructor(member: Member, socket: Socket, questions: Crowd['questions']) {
    this.#member = member
    this.#socket = socket
    this.#questions = questions
  }

  /** Saves all answers, each time others, and notes how long the acknowledgement took. */
  async save(sample: Sample): Promise<void> {
    this.#number += 1
    const answers = Object.fromEntries(
      this.#questions.map(({ id, choices }, index) => [
        id,
        [choices[(this.#number + index) % choices.length]!],
      ]),
    )
    await this.ask('attempt:save', this.#chained(answers), sample)
  }

  /** As a page chains its saves [EVD-04]. */
  #chained(answers: Record<string, string[]>): object {
    const salt = randomSalt()
    const number = this.#number
    const digest = sha256(salt + canonicalAnswers(answers)) as Digest
    const previous = this.#linked
    this.#linked = { number, link: sha256(linkedText(previous?.link ?? null, number, digest)) }
    return { lease: this.#member.lease, number, answers, chained: { salt, previous } }
  }

  async ask(name: string, input: object, sample: Sample): Promise<void> {
    const started = performance.now()
    try {
      const ack = (await this.#socket.timeout(20_000).emitWithAck(name, input)) as { ok: boolean }
      if (ack.ok) sample.latencies.push(performance.now() - started)
      else sample.failed += 1
    } catch {
      sample.failed += 1
    }
  }

  close(): void {
    this.#socket.close()
  }
}

/** New candidates in the newest session, brought to a status and connected as their pages would be. */
export async function openPages(
  stack: Stack,
  size: number,
  status: 'running' | 'unlocked',
): Promise<SavingPage[]> {
  const crowd = await gatherCrowd(stack.databaseUrl, { size, status, proctorEmail: 'surveillant@demo.test' })
  const sockets = await connectAll(stack.origin, crowd.members)
  return sockets.map((socket, index) => new SavingPage(crowd.members[index]!, socket, crowd.questions))
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))

/** Every page once within `ms`, each at its own moment; the moments are spread evenly, so every run is the same. */
export async function spreadOver(
  pages: readonly SavingPage[],
  ms: number,
  act: (page: SavingPage) => Promise<void>,
): Promise<void> {
  const begin = performance.now()
  await Promise.all(
    pages.map(async (page, index) => {
      await wait(begin + (index / pages.length) * ms - performance.now())
      await act(page)
    }),
  )
}

/** The usual figures of acknowledgements; `goal` is for their p99. */
export function ackFigures(name: string, { latencies, failed }: Sample, goal?: number): Figure[] {
  const figure = (what: string, value: number) => ({ name: `${name}: ${what}`, unit: 'ms', runs: [value] })
  return [
    figure('p50', percentile(latencies, 0.5)),
    figure('p95', percentile(latencies, 0.95)),
    { ...figure('p99', percentile(latencies, 0.99)), ...(goal === undefined ? {} : { goal }) },
    figure('max', Math.max(...latencies)),
    { name: `${name}: failed`, unit: '', runs: [failed], goal: 1 },
  ]
}
