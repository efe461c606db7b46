import type { CaseView } from '@vigie/contract/supervision/view'
import { CALL_KINDS, type CallKind } from '@vigie/exam-engine/supervision/requests'
import type { MediaTrack } from '@vigie/exam-engine/attempt/state'
import { waitingSince } from './cases.ts'

/** Something about a case that a proctor should see: what, since when, and how much it presses. */
export type Concern = {
  /** `urgent` gets a thick edge and a word on the wall; `notice` is told on the tile. */
  readonly level: 'urgent' | 'notice'
  readonly since: number
} & (
  | { readonly kind: 'no-proctor' }
  | { readonly kind: 'end-requested' }
  | { readonly kind: 'call'; readonly call: CallKind }
  | { readonly kind: 'back' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'escalated' }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'media-lost'; readonly track: MediaTrack }
  | { readonly kind: 'readmission' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'second-joiner' }
  | { readonly kind: 'hold-asked' }
  | { readonly kind: 'held'; readonly reason: string }
  | { readonly kind: 'proposal'; readonly count: number }
  | { readonly kind: 'unread'; readonly count: number }
)
export type ConcernKind = Concern['kind']

/** The order in which concerns are told and tiles are sorted: what runs out first comes first. */
const order: readonly ConcernKind[] = [
  'no-proctor',
  'end-requested',
  'call',
  'escalated',
  'readmission',
  'second-joiner',
  'disconnected',
  'silent',
  'media-lost',
  'back',
  'ready',
  'unread',
  'proposal',
  'held',
  'hold-asked',
]

const isCall = (kind: string): kind is CallKind => CALL_KINDS.some((call) => call === kind)

const live: readonly CaseView['view']['status'][] = ['waiting', 'checking', 'unlocked', 'running', 'held']

/** `left`: since when they had waited for the proctor's word when the proctor looked and left them waiting [SUP-06]. */
export type LookedAt = CaseView & { readonly left?: number }

/** Everything that is wrong or wanted with a case now, the most pressing first. */
export function concernsOf(one: LookedAt): Concern[] {
  const { view, left = -Infinity } = one
  const found: Concern[] = []
  if (one.proctorId === null && live.includes(view.status) && view.status !== 'waiting')
    found.push({ kind: 'no-proctor', level: 'urgent', since: waitingSince(one) })
  const request = view.sitting?.endRequest
  if (view.status === 'running' && request && request.objection === null) {
    found.push({ kind: 'end-requested', level: 'urgent', since: request.askedAt })
  }
  for (const { by, kind, askedAt, settledAt } of view.requests) {
    if (by === 'candidate' && settledAt === null && isCall(kind)) {
      found.push({ kind: 'call', level: 'urgent', since: askedAt, call: kind })
    }
  }
  const back = view.requests.find(({ kind, outcome }) => kind === 'return-from-break' && outcome === 'done')
  const visit = view.requests.find(({ by, kind }) => by === 'proctor' && kind === 'room-scan')
  // Back from a break, the candidate waits under cover for somebody to look and go on.
  if (view.hold?.reason === 'break' && (back ?? visit)) {
    const since = (back ?? visit)?.settledAt ?? view.hold.since
    found.push({ kind: 'back', level: since > left ? 'urgent' : 'notice', since })
  }
  const ready = readySince(one)
  if (ready !== null) found.push({ kind: 'ready', level: ready > left ? 'urgent' : 'notice', since: ready })
  if (one.escalatedAt !== null) found.push({ kind: 'escalated', level: 'urgent', since: one.escalatedAt })
  if (live.includes(view.status)) {
    if (view.readmission)
      found.push({ kind: 'readmission', level: 'urgent', since: view.hold?.since ?? one.since })
    if (!one.connected) {
      found.push({ kind: 'disconnected', level: 'urgent', since: one.connectedSince ?? one.since })
    }
    if (one.live.secondJoinerAt !== null)
      found.push({ kind: 'second-joiner', level: 'urgent', since: one.live.secondJoinerAt })
    if (one.connected && one.live.silentSince !== null)
      found.push({ kind: 'silent', level: 'urgent', since: one.live.silentSince })
    for (const { track, since } of view.lostMedia)
      found.push({ kind: 'media-lost', level: 'urgent', since, track })
  }
  // Whoever is to be readmitted is on hold for that: it is told once.
  if (view.hold && !(view.readmission && view.hold.reason === 'takeover'))
    found.push({ kind: 'held', level: 'notice', since: view.hold.since, reason: view.hold.reason })
  if (view.status === 'running' && view.sitting?.holdRequested) {
    found.push({ kind: 'hold-asked', level: 'notice', since: view.now })
  }
  if (one.proposals.length > 0) {
    // Once the time is up, the answer has two minutes [TIM-02].
    const level = view.status === 'closed' ? 'urgent' : 'notice'
    const since = view.status === 'closed' ? one.since : view.now
    found.push({ kind: 'proposal', level, since, count: one.proposals.length })
  }
  if (one.unread > 0) found.push({ kind: 'unread', level: 'notice', since: view.now, count: one.unread })
  return found.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || a.since - b.since)
}

/**
 * Since when a candidate on hold has done their part and waits for nothing but the proctor: what was cut is shared again
 * [ROOM-03], what was asked for in the hold is answered [SUP-06]. Null: they have not, or nobody asked for anything.
 */
function readySince({ view, connected }: CaseView): number | null {
  const { hold, lostMedia, requests } = view
  if (!hold || hold.reason === 'break' || view.readmission || !connected || lostMedia.length > 0) return null
  const asked = requests.filter(({ by, outcome }) => by === 'proctor' && outcome !== 'withdrawn')
  if (asked.some(({ settledAt }) => settledAt === null)) return null
  const answered = Math.max(...asked.map(({ settledAt }) => settledAt ?? 0), 0)
  if (answered > hold.since) return answered
  return hold.reason === 'media-lost' ? hold.since : null
}

/** What a candidate calls for and nobody has answered. */
export const callsOf = (one: CaseView) => concernsOf(one).filter((concern) => concern.kind === 'call')

export const isUrgent = (one: CaseView): boolean => concernsOf(one).some(({ level }) => level === 'urgent')

/** What has lasted too long for somebody, whoever has them: it is told to those who lead their session [ATT-01]. */
export const escalatedTo = (cases: readonly CaseView[], leads: (one: CaseView) => boolean): CaseView[] =>
  cases.filter((one) => one.escalatedAt !== null && live.includes(one.view.status) && leads(one))

/**
 * Whom to open next: the first of those in need, or the one after `open`. A lead whose own are calm goes on among those
 * shown: nobody is told that nobody is in need before tiles that press.
 */
export function nextInNeed(
  own: readonly CaseView[],
  shown: readonly CaseView[],
  open: string | undefined,
): CaseView | null {
  const among = own.length > 0 ? own : shown
  const here = among.findIndex((one) => one.view.attempt === open)
  return among[(here + 1) % Math.max(1, among.length)] ?? null
}

/** One name for each concern of a case: a candidate may call for two things at once, and two tracks may be lost. */
export const concernName = (concern: Concern): string => {
  const what = concern.kind === 'call' ? concern.call : concern.kind === 'media-lost' ? concern.track : ''
  return `${concern.kind} ${what} ${concern.since}`
}

/**
 * What presses, one name for each: the same trouble is told once, however often the case is told. Of whoever waits for a
 * proctor only what they call for, and that they wait too long: the rest stands in the queue.
 */
export const pressing = (
  cases: readonly CaseView[],
): ReadonlyMap<string, { readonly one: CaseView; readonly concern: Concern }> =>
  new Map(
    cases.flatMap((one) =>
      concernsOf(one)
        .filter(
          ({ kind, level }) =>
            level === 'urgent' && (one.view.status !== 'waiting' || kind === 'call' || kind === 'escalated'),
        )
        .map((concern) => [`${one.view.attempt} ${concernName(concern)}`, { one, concern }] as const),
    ),
  )

/** Who has written what nobody has read, one name for each line more. */
export const unreadNews = (cases: readonly CaseView[]): ReadonlyMap<string, CaseView> =>
  new Map(
    cases
      .filter(({ unread }) => unread > 0)
      .map((one) => [`${one.view.attempt} unread ${one.wroteAt ?? one.unread}`, one] as const),
  )

/** How far up a case stands: its first concern, then the work at hand before the exam, then calm ones. */
function rank(first: Concern | undefined, one: CaseView): number {
  if (first) return order.indexOf(first.kind)
  return one.view.status === 'checking' || one.view.status === 'unlocked' ? order.length : order.length + 1
}

/** The wall by urgency: what presses first, longest-standing first among equals, then by name and id. */
export function byUrgency(cases: readonly CaseView[], language: string): CaseView[] {
  const collator = new Intl.Collator(language)
  const weighed = cases.map((one) => {
    const first = concernsOf(one)[0]
    return { one, rank: rank(first, one), since: first?.level === 'urgent' ? first.since : 0 }
  })
  return weighed
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        a.since - b.since ||
        collator.compare(a.one.view.candidate.name, b.one.view.candidate.name) ||
        (a.one.view.attempt < b.one.view.attempt ? -1 : 1),
    )
    .map(({ one }) => one)
}

/** The wall by name. */
export function byName(cases: readonly CaseView[], language: string): CaseView[] {
  const collator = new Intl.Collator(language)
  return [...cases].sort(
    (a, b) =>
      collator.compare(a.view.candidate.name, b.view.candidate.name) ||
      (a.view.attempt < b.view.attempt ? -1 : 1),
  )
}
