import { assertNever } from '@vigie/kernel/assertNever'
import type { PhotoKind } from '../catalog/policy.ts'
import type { EventOf } from './events.ts'
import { stateIn, type StateIn } from './history.ts'
import type { AttemptState, Entry, PhotoOutcome, Preparing, Waiting } from './state.ts'

type EntryEvent = EventOf<
  | 'entered'
  | 'information-acknowledged'
  | 'information-refused'
  | 'equipment-recorded'
  | 'name-confirmed'
  | 'photo-recorded'
  | 'photo-skipped'
  | 'joined'
  | 'taken'
  | 'released'
  | 'handed-over'
  | 'item-ticked'
  | 'unlocked'
  | 'locked'
  | 'refused'
>

/** From the door to the unlock: entry, queue, checklist. */
export function evolveEntry(state: AttemptState | null, event: EntryEvent): AttemptState {
  const { at } = event
  switch (event.type) {
    case 'entered':
      return entered(stateIn(state, event, 'scheduled'), event)
    case 'information-acknowledged':
      return told(state, event, { information: { answer: 'acknowledged', version: event.version, at } })
    case 'information-refused':
      return told(state, event, { information: { answer: 'refused', version: event.version, at } })
    case 'equipment-recorded':
      return told(state, event, { equipment: { reportId: event.reportId, verdict: event.verdict, at } })
    case 'name-confirmed':
      return told(state, event, { name: { exact: event.exact, at } })
    case 'photo-recorded': {
      const { photoId, digest } = event
      return withPhoto(state, event, event.photo, { kind: 'taken', photoId, digest, at })
    }
    case 'photo-skipped':
      return withPhoto(state, event, event.photo, { kind: 'skipped', at })
    case 'joined':
      return joined(stateIn(state, event, 'preparing'), event)
    case 'taken': {
      const before = stateIn(state, event, 'waiting', 'running', 'held')
      const { proctorId } = event
      if (before.status !== 'waiting') return { ...before, proctorId }
      const fresh = { since: at, escalatedAt: null, checklist: { version: 0, items: {} } }
      return { ...before, status: 'checking', proctorId, ...fresh }
    }
    case 'released': {
      const before = stateIn(state, event, 'checking', 'unlocked', 'running', 'held')
      if (before.status === 'running' || before.status === 'held') return { ...before, proctorId: null }
      return backToQueue(before, at)
    }
    case 'handed-over':
      return { ...stateIn(state, event, 'checking', 'running', 'held'), proctorId: event.to }
    case 'item-ticked': {
      const before = stateIn(state, event, 'checking')
      const by = event.by.role === 'system' ? before.proctorId : event.by.id
      const items = {
        ...before.checklist.items,
        [event.item]: { mark: event.mark, note: event.note, at, by },
      }
      return { ...before, checklist: { version: event.version, items } }
    }
    case 'unlocked': {
      const before = stateIn(state, event, 'checking')
      const presence = { ...before.presence, readmission: null }
      return { ...before, status: 'unlocked', presence, since: at, escalatedAt: null }
    }
    case 'locked':
      return { ...stateIn(state, event, 'unlocked'), status: 'checking', since: at, escalatedAt: null }
    case 'refused': {
      const { booking, terms, entry, checklist } = stateIn(state, event, 'checking', 'unlocked')
      return { status: 'refused', booking, terms, entry, checklist, at, by: event.by, reason: event.reason }
    }
    default:
      return assertNever(event)
  }
}

function entered({ booking }: StateIn<'scheduled'>, event: EventOf<'entered'>): Preparing {
  return {
    status: 'preparing',
    booking,
    terms: event.terms,
    presence: {
      lease: event.lease,
      profile: event.profile,
      connected: false,
      connectedSince: event.at,
      lostMedia: [],
      readmission: null,
    },
    entry: {
      enteredAt: event.at,
      information: null,
      equipment: null,
      name: null,
      photos: { document: null, 'second-document': null, face: null },
    },
  }
}

function told(state: AttemptState | null, event: EntryEvent, said: Partial<Entry>): Preparing {
  const before = stateIn(state, event, 'preparing')
  return { ...before, entry: { ...before.entry, ...said } }
}

/** Before the queue, a photo of the entry; after it, photo 2 of a device that asks to be readmitted [ROOM-05]. */
function withPhoto(
  state: AttemptState | null,
  event: EntryEvent,
  photo: PhotoKind,
  outcome: PhotoOutcome,
): AttemptState {
  const before = stateIn(state, event, 'preparing', 'waiting', 'checking', 'held')
  if (before.status === 'preparing') {
    return { ...before, entry: { ...before.entry, photos: { ...before.entry.photos, [photo]: outcome } } }
  }
  const asked = before.presence.readmission
  if (!asked) throw new Error(`corrupt history: ${event.type} without a readmission`)
  return { ...before, presence: { ...before.presence, readmission: { ...asked, facePhoto: outcome } } }
}

function joined(before: Preparing, event: EventOf<'joined'>): Waiting {
  const { booking, terms, presence, entry } = before
  const { information, equipment, name } = entry
  if (!information || !equipment || !name)
    throw new Error('corrupt history: joined before the entry was complete')
  return {
    status: 'waiting',
    booking,
    terms,
    presence,
    entry: {
      ...entry,
      information,
      equipment,
      name,
      joinedAt: event.at,
      recordingSince: event.recording ? event.at : null,
    },
    since: event.at,
    escalatedAt: null,
  }
}

function backToQueue(before: StateIn<'checking' | 'unlocked'>, at: number): Waiting {
  const { booking, terms, presence, entry } = before
  return { status: 'waiting', booking, terms, presence, entry, since: at, escalatedAt: null }
}
