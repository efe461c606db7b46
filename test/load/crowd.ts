import { decide } from '@vigie/exam-engine/attempt/decide'
import { evolve } from '@vigie/exam-engine/attempt/evolve'
import type { AttemptCommand } from '@vigie/exam-engine/attempt/commands'
import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import {
  attemptId,
  browserProfile,
  certificationId,
  equipmentReportId,
  orderSeed,
  paperId,
  personId,
  sessionId,
  type PersonId,
} from '@vigie/exam-engine/attempt/ids'
import type { AttemptState, AttemptStatus } from '@vigie/exam-engine/attempt/state'
import { freezeTerms, NO_ACCOMMODATION } from '@vigie/exam-engine/attempt/terms'
import { entryWindow } from '@vigie/exam-engine/attempt/window'
import type { Paper } from '@vigie/exam-engine/catalog/paper'
import type { Policy } from '@vigie/exam-engine/catalog/policy'
import { CHECKLIST_ITEMS } from '@vigie/exam-engine/supervision/checklist'
import { HOUR, SECOND } from '@vigie/kernel/instant'
import { insertAttempt } from '../../proctor-server/src/attempt/store.ts'
import { openDatabase } from '../../proctor-server/src/platform/database.ts'
import { uuidv7 } from '../../proctor-server/src/platform/ids.ts'
import { sha256 } from '../../proctor-server/src/platform/keys.ts'

/** One scripted candidate: what their page would hold after entering. */
export interface Member {
  readonly attempt: string
  readonly credential: string
  readonly lease: number
}

export interface Crowd {
  readonly members: readonly Member[]
  readonly session: string
  /** Question and choice ids of the demonstration's single-choice questions. */
  readonly questions: readonly { readonly id: string; readonly choices: readonly string[] }[]
}

type Bare = AttemptCommand extends infer One ? (One extends AttemptCommand ? Omit<One, 'now'> : never) : never

/**
 * Writes `size` attempts of new people into the session that is open, brought by the engine's own decisions
 * to `status`: `checking` with the given proctor, or `running`. What a browser would have done for each takes a server
 * minutes; the rows are the same.
 */
export async function gatherCrowd(
  databaseUrl: string,
  options: {
    readonly size: number
    readonly status: 'waiting' | 'checking' | 'unlocked' | 'running'
    readonly proctorEmail: string
    /** What they are called, before their number. */
    readonly named?: string
    /** How many candidates a proctor may have, by their policy; without it there is no limit. */
    readonly maximumCaseload?: number
    /** The sittings began so long ago that this is what is left of each. */
    readonly endsInSeconds?: number
    /** Their ends are spread evenly over this, after `endsInSeconds`. */
    readonly endsWithinMs?: number
  },
): Promise<Crowd> {
  const { db } = openDatabase(databaseUrl, 4)
  try {
    const session = await db
      .selectFrom('exam_session')
      .innerJoin('paper', 'paper.id', 'exam_session.paper_id')
      .innerJoin('policy', 'policy.certification_id', 'exam_session.certification_id')
      .select([
        'exam_session.id',
        'exam_session.certification_id',
        'paper_id',
        'closes_at',
        'paper.content as paper',
        'policy.content as policy',
      ])
      .where('exam_session.rehearsal', '=', false)
      .where('opens_at', '<=', Date.now())
      .where('closes_at', '>', Date.now())
      .orderBy('exam_session.id')
      .executeTakeFirstOrThrow()
    const proctor = await db
      .selectFrom('person')
      .select('id')
      .where('email', '=', options.proctorEmail)
      .executeTakeFirstOrThrow()
    const members: Member[] = []
    const soon = Date.now() + (options.endsInSeconds ?? 0) * SECOND
    const beganAt = (index: number) =>
      options.endsInSeconds === undefined
        ? Date.now()
        : soon -
          (session.policy as Policy).durationSeconds * SECOND +
          Math.floor((index / options.size) * (options.endsWithinMs ?? 0))
    await db.transaction().execute(async (tx) => {
      for (let index = 0; index < options.size; index += 1) {
        const now = beganAt(index)
        const candidate = personId.parse(uuidv7(now))
        await tx
          .insertInto('person')
          .values({
            id: candidate,
            name: `${options.named ?? 'Candidat'} ${index}`,
            email: `${candidate}@load.test`,
            emailVerified: true,
          })
          .execute()
        const day = liveThrough({
          seed: `seed-of-the-crowd-${index}`,
          now,
          candidate,
          proctor: personId.parse(proctor.id),
          session: { ...session, policy: session.policy as Policy, paper: session.paper as Paper },
          maximumCaseload: options.maximumCaseload ?? 1_000_000,
          until: options.status,
        })
        const attempt = day.state.booking.attemptId
        await insertAttempt(tx, attempt, day.state, day.events)
        const credential = `load-${attempt}`
        await tx
          .insertInto('attempt_credential')
          .values({
            token_hash: sha256(credential),
            attempt_id: attempt,
            profile: 'profile-load',
            created_at: now,
          })
          .execute()
        members.push({ attempt, credential, lease: 1 })
      }
      await tx.updateTable('paper').set({ locked: true }).where('id', '=', session.paper_id).execute()
    })
    const questions = (session.paper as Paper).parts
      .flatMap((part) => part.questions)
      .flatMap((one) =>
        one.type === 'single'
          ? [{ id: one.id as string, choices: one.choices.map((choice) => choice.id as string) }]
          : [],
      )
    return { members, session: session.id, questions }
  } finally {
    await db.destroy()
  }
}

interface Day {
  /** The order of its questions: the same in every run. */
  readonly seed: string
  readonly now: number
  readonly candidate: PersonId
  readonly proctor: PersonId
  readonly until: AttemptStatus
  readonly maximumCaseload: number
  readonly session: {
    readonly id: string
    readonly certification_id: string
    readonly paper_id: string
    readonly closes_at: number
    readonly paper: Paper
    readonly policy: Policy
  }
}

function liveThrough({ seed, now, candidate, proctor, session, until, maximumCaseload }: Day): {
  state: AttemptState
  events: AttemptEvent[]
} {
  const terms = freezeTerms(session.policy, NO_ACCOMMODATION)
  const me = { role: 'candidate', id: candidate } as const
  const watcher = { role: 'proctor', id: proctor } as const
  const lease = 1
  const commands: Bare[] = [
    {
      type: 'schedule',
      by: { role: 'system' },
      booking: {
        attemptId: attemptId.parse(uuidv7(now)),
        candidateId: candidate,
        sessionId: sessionId.parse(session.id),
        certificationId: certificationId.parse(session.certification_id),
        paperId: paperId.parse(session.paper_id),
        window: entryWindow(terms, session.closes_at - 2 * HOUR, session.closes_at),
        insteadOf: null,
      },
    },
    {
      type: 'enter',
      by: me,
      terms: { ...terms, maximumCaseload },
      profile: browserProfile.parse('profile-load'),
    },
    { type: 'acknowledgeInformation', by: me, lease, version: '1' },
    {
      type: 'recordEquipment',
      by: me,
      lease,
      reportId: equipmentReportId.parse(uuidv7(now)),
      verdict: 'pass',
    },
    { type: 'confirmName', by: me, lease, exact: true },
    { type: 'skipPhoto', by: me, lease, photo: 'document' },
    { type: 'skipPhoto', by: me, lease, photo: 'face' },
    {
      type: 'join',
      by: me,
      lease,
      roomConfirmed: true,
      sharing: ['camera', 'microphone', 'screen'],
      recordingAnnounced: true,
    },
    { type: 'take', by: watcher, load: 0 },
    ...CHECKLIST_ITEMS.map((item): Bare => ({ type: 'tick', by: watcher, item, mark: 'ok', note: null })),
    { type: 'unlock', by: watcher, checklistVersion: CHECKLIST_ITEMS.length },
    {
      type: 'start',
      by: me,
      lease,
      seed: orderSeed.parse(seed),
      parts: session.paper.parts.map((part) => part.id),
    },
  ]
  let state: AttemptState | null = null
  const events: AttemptEvent[] = []
  for (const command of commands) {
    const decision = decide({ ...command, now } as AttemptCommand, state)
    if (!decision.ok) throw new Error(`${command.type} refused: ${decision.refusal.code}`)
    for (const event of decision.value) {
      state = evolve(state, event)
      events.push(event)
    }
    if (state?.status === until) break
  }
  if (state?.status !== until) throw new Error(`the day ended in ${state?.status}, not in ${until}`)
  return { state, events }
}
