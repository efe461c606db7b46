import type { CaseView } from '@vigie/contract/supervision/view'
import type { MediaTrack } from '@vigie/exam-engine/attempt/state'

/** Something about a case that a proctor should see: what, since when, and how much it presses. */
export type Concern = {
  /** `urgent` gets a thick edge and a word on the wall; `notice` is told on the tile. */
  readonly level: 'urgent' | 'notice'
  readonly since: number
} & (
  | { readonly kind: 'end-requested' }
  | { readonly kind: 'escalated' }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'media-lost'; readonly track: MediaTrack }
  | { readonly kind: 'readmission' }
  | { readonly kind: 'hold-asked' }
  | { readonly kind: 'held'; readonly reason: string }
  | { readonly kind: 'proposal'; readonly count: number }
  | { readonly kind: 'unread'; readonly count: number }
)
export type ConcernKind = Concern['kind']

/** The order in which concerns are told and tiles are sorted: what runs out first comes first. */
const order: readonly ConcernKind[] = [
  'end-requested',
  'escalated',
  'readmission',
  'disconnected',
  'media-lost',
  'unread',
  'proposal',
  'held',
  'hold-asked',
]

const live: readonly CaseView['view']['status'][] = ['waiting', 'checking', 'unlocked', 'running', 'held']

/** Everything that is wrong or wanted with a case now, the most pressing first. */
export function concernsOf(one: CaseView): Concern[] {
  const { view } = one
  const found: Concern[] = []
  const request = view.sitting?.endRequest
  if (view.status === 'running' && request && request.objection === null) {
    found.push({ kind: 'end-requested', level: 'urgent', since: request.askedAt })
  }
  if (one.escalatedAt !== null) found.push({ kind: 'escalated', level: 'urgent', since: one.escalatedAt })
  if (live.includes(view.status)) {
    if (view.readmission)
      found.push({ kind: 'readmission', level: 'urgent', since: view.hold?.since ?? one.since })
    if (!one.connected) {
      found.push({ kind: 'disconnected', level: 'urgent', since: one.connectedSince ?? one.since })
    }
    for (const { track, since } of view.lostMedia)
      found.push({ kind: 'media-lost', level: 'urgent', since, track })
  }
  if (view.hold)
    found.push({ kind: 'held', level: 'notice', since: view.hold.since, reason: view.hold.reason })
  if (view.status === 'running' && view.sitting?.holdRequested) {
    found.push({ kind: 'hold-asked', level: 'notice', since: view.now })
  }
  if (one.proposals.length > 0) {
    found.push({ kind: 'proposal', level: 'notice', since: view.now, count: one.proposals.length })
  }
  if (one.unread > 0) found.push({ kind: 'unread', level: 'notice', since: view.now, count: one.unread })
  return found.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || a.since - b.since)
}

export const isUrgent = (one: CaseView): boolean => concernsOf(one).some(({ level }) => level === 'urgent')

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
