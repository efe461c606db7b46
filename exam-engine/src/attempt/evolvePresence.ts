import { assertNever } from '@vigie/kernel/assertNever'
import type { EventOf } from './events.ts'
import { stateIn } from './history.ts'
import type { AttemptState, Presence } from './state.ts'

type PresenceEvent = EventOf<
  'lease-taken' | 'readmission-asked' | 'connected' | 'disconnected' | 'media-lost' | 'media-back'
>

/** What becomes known of the candidate's page. */
export function evolvePresence(state: AttemptState | null, event: PresenceEvent): AttemptState {
  const before = stateIn(
    state,
    event,
    'preparing',
    'waiting',
    'checking',
    'unlocked',
    'running',
    'held',
    'closed',
  )
  const presence = changedPresence(before.presence, event)
  if (before.status === 'preparing' && event.type === 'lease-taken' && event.device === 'other') {
    // The check and the face belong to the device that was left.
    const photos = { ...before.entry.photos, face: null }
    return { ...before, presence, entry: { ...before.entry, equipment: null, photos } }
  }
  return { ...before, presence }
}

function changedPresence(presence: Presence, event: PresenceEvent): Presence {
  const { at } = event
  switch (event.type) {
    case 'lease-taken': {
      const { lease, profile } = event
      // The page that was connected is not listened to any more; the new one connects in its turn.
      return { ...presence, lease, profile, ...connection(presence, false, at) }
    }
    case 'readmission-asked':
      return { ...presence, readmission: { askedAt: at, facePhoto: null } }
    case 'connected':
      return { ...presence, ...connection(presence, true, at) }
    case 'disconnected':
      return { ...presence, ...connection(presence, false, at) }
    case 'media-lost': {
      const lost = { track: event.track, since: at, answered: false }
      return { ...presence, lostMedia: [...presence.lostMedia, lost] }
    }
    case 'media-back':
      return { ...presence, lostMedia: presence.lostMedia.filter(({ track }) => track !== event.track) }
    default:
      return assertNever(event)
  }
}

const connection = (presence: Presence, connected: boolean, at: number) =>
  presence.connected === connected ? {} : { connected, connectedSince: at }
