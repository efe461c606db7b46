import { MINUTE, SECOND, type Instant } from '@vigie/kernel/instant'
import { DEFAULT_POLICY } from '../catalog/policy.ts'
import { CHECKLIST_ITEMS } from '../supervision/checklist.ts'
import type { Actor } from './actor.ts'
import type { AttemptCommand } from './commands.ts'
import { decide } from './decide.ts'
import type { AttemptEvent, EventType } from './events.ts'
import { evolve } from './evolve.ts'
import {
  attemptId,
  browserProfile,
  certificationId,
  digest,
  equipmentReportId,
  orderSeed,
  paperId,
  partId,
  personId,
  photoId,
  sessionId,
  textId,
} from './ids.ts'
import type { AttemptRefusal } from './refusals.ts'
import type { AttemptState, AttemptStatus, Booking } from './state.ts'
import { freezeTerms, NO_ACCOMMODATION, type Terms } from './terms.ts'
import { entryWindow } from './window.ts'

/** Scripted exam days for tests: people, ids and the shortest way to every status. */

const uuid = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`

export const CANDIDATE: Actor = { role: 'candidate', id: personId.parse(uuid(1)) }
export const STRANGER: Actor = { role: 'candidate', id: personId.parse(uuid(2)) }
export const PROCTOR = { role: 'proctor', id: personId.parse(uuid(3)) } as const satisfies Actor
export const COLLEAGUE = { role: 'proctor', id: personId.parse(uuid(4)) } as const satisfies Actor
export const LEAD = { role: 'lead', id: personId.parse(uuid(5)) } as const satisfies Actor
export const REVIEWER: Actor = { role: 'reviewer', id: personId.parse(uuid(6)) }
export const REGISTRAR: Actor = { role: 'registrar', id: personId.parse(uuid(7)) }
export const SYSTEM: Actor = { role: 'system' }

export const HOME = browserProfile.parse('profile-home')
export const OTHER_DEVICE = browserProfile.parse('profile-other')
export const PARTS = ['part-1', 'part-2', 'part-3'].map(partId.parse)
export const SEED = orderSeed.parse('seed-0001')
export const SECOND_ATTEMPT = attemptId.parse(uuid(20))
export const hash = (text: string | number) => digest.parse(String(text).padStart(64, '0'))

/** Monday 14 December 2026, 16:00 in Paris. */
export const APPOINTMENT: Instant = Date.UTC(2026, 11, 14, 15)
const SESSION_ENDS: Instant = APPOINTMENT + 240 * MINUTE

type WithoutEnvelope<Command> = Command extends AttemptCommand
  ? Omit<Command, 'now' | 'by' | 'lease'> & { readonly lease?: number }
  : never
/** A command as a test writes it: who and when come from the day, and the lease is the page's own unless given. */
export type Body = WithoutEnvelope<AttemptCommand>

export const bookingOf = (terms: Terms): Booking => ({
  attemptId: attemptId.parse(uuid(10)),
  candidateId: personId.parse(uuid(1)),
  sessionId: sessionId.parse(uuid(11)),
  certificationId: certificationId.parse(uuid(12)),
  paperId: paperId.parse(uuid(13)),
  window: entryWindow(terms, APPOINTMENT, SESSION_ENDS),
  insteadOf: null,
})

const note = null
const reasonless = { note } as const

export class ExamDay {
  state: AttemptState | null = null
  now: Instant = APPOINTMENT - 24 * 60 * MINUTE
  readonly record: AttemptEvent[] = []
  readonly terms: Terms

  constructor(terms: Partial<Terms> = {}) {
    this.terms = { ...freezeTerms(DEFAULT_POLICY, NO_ACCOMMODATION), ...terms }
  }

  /** The state, in the status the test counts on. */
  in<Status extends AttemptStatus>(status: Status): Extract<AttemptState, { status: Status }> {
    if (this.state?.status !== status)
      throw new Error(`expected ${status}, found ${this.state?.status ?? 'none'}`)
    return this.state as Extract<AttemptState, { status: Status }>
  }

  after(seconds: number): this {
    this.now += seconds * SECOND
    return this
  }

  at(moment: Instant): this {
    this.now = moment
    return this
  }

  command(by: Actor, body: Body): AttemptCommand {
    const lease = this.state && 'presence' in this.state ? this.state.presence.lease : 1
    return { lease, ...body, now: this.now, by }
  }

  /** What the command leads to, without doing it. */
  ask(by: Actor, body: Body) {
    return decide(this.command(by, body), this.state)
  }

  /** Does it and gives the events; a refusal fails the test. */
  tell(by: Actor, body: Body): readonly AttemptEvent[] {
    const decision = this.ask(by, body)
    if (!decision.ok) throw new Error(`${body.type} refused: ${decision.refusal.code}`)
    for (const event of decision.value) {
      this.state = evolve(this.state, event)
      this.record.push(event)
    }
    return decision.value
  }

  types(by: Actor, body: Body): EventType[] {
    return this.tell(by, body).map(({ type }) => type)
  }

  refusal(by: Actor, body: Body): AttemptRefusal['code'] | null {
    const decision = this.ask(by, body)
    return decision.ok ? null : decision.refusal.code
  }

  expire(): EventType[] {
    return this.types(SYSTEM, { type: 'expire' })
  }

  save(number: number, more: { lease?: number } = {}): readonly AttemptEvent[] {
    return this.tell(CANDIDATE, { type: 'save', number, digest: hash(number), answeredCount: 1, ...more })
  }

  connect(lastNumber = 0): readonly AttemptEvent[] {
    return this.tell(SYSTEM, { type: 'connected', lastNumber })
  }

  disconnect(): readonly AttemptEvent[] {
    return this.tell(SYSTEM, { type: 'disconnected' })
  }

  tickAll(): this {
    for (const item of CHECKLIST_ITEMS) this.tell(PROCTOR, { type: 'tick', item, mark: 'ok', note })
    return this
  }
}

type Way = (day: ExamDay) => void

const toScheduled: Way = (day) => {
  day.tell(REGISTRAR, { type: 'schedule', booking: bookingOf(day.terms) })
}

const toPreparing: Way = (day) => {
  toScheduled(day)
  day.at(APPOINTMENT - 10 * MINUTE).tell(CANDIDATE, { type: 'enter', terms: day.terms, profile: HOME })
  day.connect()
}

const toWaiting: Way = (day) => {
  toPreparing(day)
  day.tell(CANDIDATE, { type: 'acknowledgeInformation', version: '2026-01' })
  const reportId = equipmentReportId.parse(uuid(30))
  day.after(30).tell(CANDIDATE, { type: 'recordEquipment', reportId, verdict: 'pass' })
  day.after(10).tell(CANDIDATE, { type: 'confirmName', exact: true })
  for (const photo of ['document', 'face'] as const) {
    if (day.terms.photos[photo] === 'off') continue
    const taken = { photoId: photoId.parse(uuid(31)), digest: hash(31) }
    day.after(20).tell(CANDIDATE, { type: 'recordPhoto', photo, ...taken })
  }
  day.after(30).tell(CANDIDATE, joining)
}

export const joining = {
  type: 'join',
  roomConfirmed: true,
  sharing: ['camera', 'microphone', 'screen'],
  recordingAnnounced: true,
} as const satisfies Body

const toChecking: Way = (day) => {
  toWaiting(day)
  day.after(60).tell(PROCTOR, { type: 'take', load: 0 })
}

const toUnlocked: Way = (day) => {
  toChecking(day)
  day.after(300).tickAll()
  day.tell(PROCTOR, { type: 'unlock', checklistVersion: day.in('checking').checklist.version })
}

const toRunning: Way = (day) => {
  toUnlocked(day)
  day.after(5).tell(CANDIDATE, { type: 'start', seed: SEED, parts: PARTS })
}

const toHeld: Way = (day) => {
  toRunning(day)
  day.after(60).tell(PROCTOR, { type: 'hold', reason: { code: 'verification', note } })
  day.after(1).tell(CANDIDATE, { type: 'acknowledgeHold' })
}

/** Timed out with the page away since a moment ago, three saves stored: the grace runs. */
const toClosed: Way = (day) => {
  toRunning(day)
  day.save(3)
  day.after(1797).disconnect()
  day.after(3).expire()
}

const toSealed: Way = (day) => {
  toClosed(day)
  day.after(120).expire()
}

const WAYS: Readonly<Record<AttemptStatus, Way>> = {
  scheduled: toScheduled,
  preparing: toPreparing,
  waiting: toWaiting,
  checking: toChecking,
  unlocked: toUnlocked,
  running: toRunning,
  held: toHeld,
  closed: toClosed,
  sealed: toSealed,
  'no-show': (day) => {
    toScheduled(day)
    day.at(APPOINTMENT + 60 * MINUTE).expire()
  },
  refused: (day) => {
    toChecking(day)
    day.tell(PROCTOR, { type: 'refuse', reason: { code: 'identity-not-established', ...reasonless } })
  },
  cancelled: (day) => {
    toScheduled(day)
    day.tell(CANDIDATE, { type: 'cancel', reason: { code: 'candidate-over-24h', ...reasonless } })
  },
  voided: (day) => {
    toSealed(day)
    const reason = { code: 'technical-incident', ...reasonless } as const
    day.tell(REVIEWER, { type: 'void', reason, replacedBy: SECOND_ATTEMPT })
  },
}

/** A day that has come as far as `status`. */
export function dayIn(status: AttemptStatus, terms: Partial<Terms> = {}): ExamDay {
  const day = new ExamDay(terms)
  WAYS[status](day)
  if (day.state?.status !== status)
    throw new Error(`the way to ${status} led to ${day.state?.status ?? 'none'}`)
  return day
}

/** Held for this reason, and so many seconds later. */
export function held(
  day: ExamDay,
  code: 'verification' | 'break' | 'candidate-asked' | 'alarm',
  seconds: number,
): ExamDay {
  day.tell(PROCTOR, { type: 'hold', reason: { code, note } })
  day.tell(CANDIDATE, { type: 'acknowledgeHold' })
  return day.after(seconds)
}

/** One command of every kind, well formed, as its usual speaker says it. */
export const ONE_OF_EACH: Readonly<
  Record<AttemptCommand['type'], { readonly by: Actor; readonly body: Body }>
> = {
  schedule: { by: REGISTRAR, body: { type: 'schedule', booking: bookingOf(new ExamDay().terms) } },
  reschedule: { by: REGISTRAR, body: { type: 'reschedule', window: bookingOf(new ExamDay().terms).window } },
  extendSession: { by: LEAD, body: { type: 'extendSession', sessionEndsAt: SESSION_ENDS + 60 * MINUTE } },
  cancel: { by: REGISTRAR, body: { type: 'cancel', reason: { code: 'withdrawal', note } } },
  void: {
    by: REVIEWER,
    body: { type: 'void', reason: { code: 'technical-incident', note }, replacedBy: null },
  },
  publishResult: { by: REGISTRAR, body: { type: 'publishResult' } },
  admitLateAnswers: {
    by: REVIEWER,
    body: {
      type: 'admitLateAnswers',
      number: 9,
      digest: hash(9),
      answeredCount: 9,
      reason: { code: 'offline-beyond-grace', note },
    },
  },
  enter: { by: CANDIDATE, body: { type: 'enter', terms: new ExamDay().terms, profile: HOME } },
  acknowledgeInformation: { by: CANDIDATE, body: { type: 'acknowledgeInformation', version: '2026-01' } },
  refuseInformation: { by: CANDIDATE, body: { type: 'refuseInformation', version: '2026-01' } },
  recordEquipment: {
    by: CANDIDATE,
    body: { type: 'recordEquipment', reportId: equipmentReportId.parse(uuid(30)), verdict: 'pass' },
  },
  confirmName: { by: CANDIDATE, body: { type: 'confirmName', exact: true } },
  recordPhoto: {
    by: CANDIDATE,
    body: { type: 'recordPhoto', photo: 'face', photoId: photoId.parse(uuid(31)), digest: hash(31) },
  },
  skipPhoto: { by: CANDIDATE, body: { type: 'skipPhoto', photo: 'face' } },
  join: { by: CANDIDATE, body: joining },
  takeLease: { by: CANDIDATE, body: { type: 'takeLease', profile: HOME } },
  connected: { by: SYSTEM, body: { type: 'connected', lastNumber: 0 } },
  disconnected: { by: SYSTEM, body: { type: 'disconnected' } },
  mediaLost: { by: SYSTEM, body: { type: 'mediaLost', track: 'camera' } },
  mediaBack: { by: SYSTEM, body: { type: 'mediaBack', track: 'camera' } },
  take: { by: PROCTOR, body: { type: 'take', load: 0 } },
  release: { by: PROCTOR, body: { type: 'release', reason: { code: 'caseload', note } } },
  handOver: { by: PROCTOR, body: { type: 'handOver', to: COLLEAGUE.id, load: 0, note } },
  tick: { by: PROCTOR, body: { type: 'tick', item: 'identity', mark: 'ok', note } },
  unlock: { by: PROCTOR, body: { type: 'unlock', checklistVersion: 7 } },
  lock: { by: PROCTOR, body: { type: 'lock' } },
  refuse: { by: PROCTOR, body: { type: 'refuse', reason: { code: 'not-cooperating', note } } },
  start: { by: CANDIDATE, body: { type: 'start', seed: SEED, parts: PARTS } },
  save: { by: CANDIDATE, body: { type: 'save', number: 4, digest: hash(4), answeredCount: 4 } },
  announceAnswers: { by: CANDIDATE, body: { type: 'announceAnswers', lastNumber: 5 } },
  closePart: { by: CANDIDATE, body: { type: 'closePart', partId: partId.parse('part-1'), lastNumber: 0 } },
  requestEnd: { by: CANDIDATE, body: { type: 'requestEnd', lastNumber: 0 } },
  withdrawEnd: { by: CANDIDATE, body: { type: 'withdrawEnd' } },
  insistOnEnd: { by: CANDIDATE, body: { type: 'insistOnEnd', lastNumber: 0 } },
  acknowledgeHold: { by: CANDIDATE, body: { type: 'acknowledgeHold' } },
  agreeToEnd: { by: PROCTOR, body: { type: 'agreeToEnd' } },
  objectToEnd: { by: PROCTOR, body: { type: 'objectToEnd', reason: { code: 'many-blanks', note } } },
  hold: { by: PROCTOR, body: { type: 'hold', reason: { code: 'verification', note } } },
  resume: { by: PROCTOR, body: { type: 'resume', credit: null } },
  addTime: { by: PROCTOR, body: { type: 'addTime', seconds: 60, reason: { code: 'correction', note } } },
  removeTime: { by: LEAD, body: { type: 'removeTime', seconds: 60, reason: { code: 'correction', note } } },
  answerProposal: { by: PROCTOR, body: { type: 'answerProposal', number: 1, granted: true } },
  terminate: { by: PROCTOR, body: { type: 'terminate', reason: { code: 'forbidden-device', note } } },
  closeAsTechnical: {
    by: LEAD,
    body: { type: 'closeAsTechnical', reason: { code: 'platform-failure', note } },
  },
  reactivate: { by: LEAD, body: { type: 'reactivate', reason: { code: 'closed-by-mistake', note } } },
  outage: { by: SYSTEM, body: { type: 'outage', from: APPOINTMENT, to: APPOINTMENT + 10 * SECOND } },
  expire: { by: SYSTEM, body: { type: 'expire' } },
  keepText: {
    by: CANDIDATE,
    body: {
      type: 'keepText',
      kind: 'chat',
      textId: textId.parse(uuid(40)),
      digest: hash(40),
      repeated: false,
    },
  },
  setAnswersAside: {
    by: SYSTEM,
    body: {
      type: 'setAnswersAside',
      cause: 'too-late',
      from: 1,
      number: 9,
      digest: hash(9),
      answeredCount: 9,
      repeated: false,
    },
  },
  attestStreams: {
    by: SYSTEM,
    body: {
      type: 'attestStreams',
      streams: [
        {
          track: 'camera',
          rendition: uuid(41),
          promised: 2,
          promisedHead: hash(42),
          received: 1,
          receivedHead: hash(43),
        },
      ],
    },
  },
}
