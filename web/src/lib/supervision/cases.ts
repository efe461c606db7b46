import type { CaseView } from '@vigie/contract/supervision/view'

/** The cases a console holds, by attempt. */
export type Cases = ReadonlyMap<string, CaseView>

/**
 * Whether what came replaces what is held: a newer version of the attempt; or the same version said later, because
 * chat and remarks count beside the attempt's own events.
 */
const replaces = (held: CaseView | undefined, come: CaseView): boolean =>
  !held ||
  come.view.version > held.view.version ||
  (come.view.version === held.view.version && come.view.now >= held.view.now)

/** One case came. The same map when it says nothing new. */
export function oneCame(held: Cases, come: CaseView): Cases {
  const id = come.view.attempt
  return replaces(held.get(id), come) ? new Map(held).set(id, come) : held
}

/**
 * All cases came, as after each connection: what they do not name is no longer ours to see. A case already pushed in
 * a newer state than the list has it stays.
 */
export function allCame(held: Cases, come: readonly CaseView[]): Cases {
  return new Map(
    come.map((one) => {
      const before = held.get(one.view.attempt)
      return [one.view.attempt, before && !replaces(before, one) ? before : one]
    }),
  )
}

/** Where a case stands in the room of one proctor. */
export type Place = 'queue' | 'wall' | 'colleague' | 'expected' | 'ended'

/** `queue`: somebody must take them: waiting, or left without a proctor in mid-exam [SUP-02]. */
export function placeOf(one: CaseView, me: string): Place {
  switch (one.view.status) {
    case 'scheduled':
    case 'preparing':
      return 'expected'
    case 'waiting':
      return 'queue'
    case 'checking':
    case 'unlocked':
    case 'running':
    case 'held':
      return one.proctorId === null ? 'queue' : one.proctorId === me ? 'wall' : 'colleague'
    // A credit to decide on is the last thing that can still be done for them, for two minutes [TIM-02].
    case 'closed':
      if (!one.view.sealing?.undecided || one.proctorId === null) return 'ended'
      return one.proctorId === me ? 'wall' : 'colleague'
    case 'sealed':
    case 'no-show':
    case 'refused':
    case 'cancelled':
    case 'voided':
      return 'ended'
  }
}

/** The cases at one place, in the order they were told. */
export const at = (cases: Cases, place: Place, me: string): CaseView[] =>
  [...cases.values()].filter((one) => placeOf(one, me) === place)

/** [CHK-11] Conversations of the desk: who is not in the queue yet and has written, the unread first, then the latest. */
export const atTheDesk = (expected: readonly CaseView[]): CaseView[] =>
  expected
    .filter((one) => one.wroteAt !== null)
    .sort(
      (a, b) =>
        Number(b.unread > 0) - Number(a.unread > 0) ||
        (b.wroteAt ?? 0) - (a.wroteAt ?? 0) ||
        (a.view.attempt < b.view.attempt ? -1 : 1),
    )

/** When somebody in the queue began to wait: in mid-exam, when their proctor left [SUP-02]. */
export const waitingSince = ({ view, since }: CaseView): number =>
  view.queue?.since ??
  view.notices.findLast(({ kind, code }) => kind === 'proctor' && code === 'gone')?.at ??
  since

/** The queue: candidates in mid-exam without a proctor first, then whoever waits longest. */
export const inQueueOrder = (cases: readonly CaseView[]): CaseView[] =>
  [...cases].sort(
    (a, b) =>
      Number(a.view.status === 'waiting') - Number(b.view.status === 'waiting') ||
      waitingSince(a) - waitingSince(b) ||
      (a.view.attempt < b.view.attempt ? -1 : 1),
  )
