import type { Instant } from '@vigie/kernel/instant'
import type { MediaTrack } from '../attempt/state.ts'

/** A ticket into the room that was given to the candidate's page: good for one stay of one page [ROOM-05]. */
export type Ticket = {
  readonly nonce: string
  /** The stay that used it, as the SFU names it; null while nobody has come with it. */
  readonly stay: string | null
  readonly joinedAt: Instant | null
}

/** Somebody who is in a room as its candidate, as the SFU lists them. */
export type Joiner = {
  readonly nonce: string
  readonly stay: string
  readonly joinedAt: Instant
  readonly tracks: readonly MediaTrack[]
}

export type Reckoning = {
  /** Stays that are seen for the first time under their ticket. */
  readonly noted: readonly Joiner[]
  /** Who must leave the room. */
  readonly out: readonly Joiner[]
  /** Somebody came in with a ticket that had been used, was replaced, or was never given: two people, one identity. */
  readonly alarm: boolean
  /** The candidate's page as it is in the room now; null while it is not. */
  readonly page: Joiner | null
}

/**
 * Who in the room is the candidate's page, and who is not [ROOM-05]. `tickets` in the order they were given: only the
 * last is alive. A page that was reloaded stands beside its own ghost for some seconds, which is no alarm: the ghost
 * came before. Told twice the same, it says the same.
 */
export function reckonJoiners(tickets: readonly Ticket[], joiners: readonly Joiner[]): Reckoning {
  const alive = tickets.at(-1) ?? null
  const noted: Joiner[] = []
  const out: Joiner[] = []
  let alarm = false
  let page: Joiner | null = null
  for (const joiner of joiners) {
    const ticket = tickets.find(({ nonce }) => nonce === joiner.nonce)
    const used = ticket?.stay != null && ticket.stay !== joiner.stay
    const late =
      ticket !== alive && alive?.joinedAt != null && ticket?.stay == null && joiner.joinedAt > alive.joinedAt
    if (ticket && ticket.stay === null) noted.push(joiner)
    if (!ticket || used || late) alarm = true
    if (ticket && ticket === alive && !used) page = joiner
    else out.push(joiner)
  }
  return { noted, out, alarm, page }
}
