import { DAY, type Instant } from '@vigie/kernel/instant'
import { ok, refuse, type Result } from '@vigie/kernel/result'

/**
 * Why media are kept beyond their term [RET-02]. `suspicion`: staff examine an incident. `appeal`: the candidate
 * contests. `access`: the candidate asked for their data and has not been answered yet.
 */
export const HOLD_KINDS = ['suspicion', 'appeal', 'access'] as const
export type HoldKind = (typeof HOLD_KINDS)[number]

/** Who may place which. */
export const CANDIDATE_HOLDS = ['appeal', 'access'] as const satisfies readonly HoldKind[]

/** Longest time a hold may stand, in days; it can be placed anew, with a reason again. */
export const LONGEST_HOLD_DAYS: Readonly<Record<HoldKind, number>> = {
  suspicion: 180,
  appeal: 180,
  access: 60,
}
/** How long a candidate's own hold stands, or by when it is answered: staff end it when the matter is settled. */
export const CANDIDATE_HOLD_DAYS: Readonly<Record<(typeof CANDIDATE_HOLDS)[number], number>> = {
  appeal: 90,
  access: 30,
}
export const HOLD_REASON_LENGTH = 500

/** Who asked for their data is answered within a month; an alarm rings this many days after the request. */
export const ACCESS_ALARM_DAYS = 25

export type Hold = {
  readonly kind: HoldKind
  readonly from: Instant
  /** Its end; of an access request the day by which it is answered: it stands until somebody ends it. */
  readonly until: Instant
  /** Ended before its time, by a person. */
  readonly endedAt: Instant | null
}

export const HOLD_REFUSALS = ['hold-too-late', 'hold-end', 'hold-standing', 'hold-unknown'] as const
export type HoldRefusalCode = (typeof HOLD_REFUSALS)[number]

/** It keeps the media now. A request for access does until it is answered, however long that takes. */
export const standing = (hold: Hold, now: Instant): boolean =>
  hold.endedAt === null && (hold.kind === 'access' || hold.until > now)

/**
 * Judges a new hold: the media must still be there, its end within the longest time of its kind; a candidate's second
 * one of a kind would change nothing and is refused.
 */
export function judgeHold(
  asked: { readonly kind: HoldKind; readonly until: Instant; readonly by: 'staff' | 'candidate' },
  custody: { readonly tombstoneAt: Instant | null; readonly holds: readonly Hold[] },
  now: Instant,
): Result<'placed', HoldRefusalCode> {
  if (custody.tombstoneAt !== null) return refuse('hold-too-late')
  if (asked.until <= now || asked.until > now + LONGEST_HOLD_DAYS[asked.kind] * DAY) return refuse('hold-end')
  const again = custody.holds.some((hold) => hold.kind === asked.kind && standing(hold, now))
  return again && asked.by === 'candidate' ? refuse('hold-standing') : ok('placed')
}
