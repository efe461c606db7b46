import type { AttemptView } from '@vigie/contract/attempt/view'
import { PHOTO_KINDS, type PhotoKind } from '@vigie/exam-engine/catalog/policy'

/** The path of exam day, always in this order [IDN-02]. */
export const STEPS = ['information', 'equipment', 'identity', 'room', 'proctor', 'exam'] as const
export type Step = (typeof STEPS)[number]

/** The one screen an attempt is at. Derived from the server's view alone, so a reload lands where it was. */
export type Place =
  | { readonly screen: 'information' | 'equipment' | 'name' | 'room' }
  | { readonly screen: 'photo'; readonly kind: PhotoKind }
  /** Another device has come: photo 2 again, then share, then the proctor readmits [ROOM-05]. */
  | { readonly screen: 'readmission' }
  | { readonly screen: 'waiting' | 'checking' | 'start' }
  | { readonly screen: 'sitting' }
  | { readonly screen: 'ended' }
  /** Never came, refused, cancelled or voided: nothing to do here. */
  | { readonly screen: 'aside' }
  /** Not entered. */
  | { readonly screen: 'outside' }

export function placeOf(view: AttemptView): Place {
  if (view.readmission) return { screen: 'readmission' }
  switch (view.status) {
    case 'scheduled':
      return { screen: 'outside' }
    case 'preparing':
      return entryPlace(view.entry)
    case 'waiting':
    case 'checking':
      return { screen: view.status }
    case 'unlocked':
      return { screen: 'start' }
    case 'running':
    case 'held':
      return { screen: 'sitting' }
    case 'closed':
    case 'sealed':
      return { screen: 'ended' }
    case 'no-show':
    case 'refused':
    case 'cancelled':
    case 'voided':
      return { screen: 'aside' }
  }
}

function entryPlace(entry: AttemptView['entry']): Place {
  if (entry?.information !== 'acknowledged') return { screen: 'information' }
  // What an installation cannot tell is `unknown` and lets in; only a fail does not [CHK-06].
  if (entry.equipment === null || entry.equipment === 'fail') return { screen: 'equipment' }
  if (entry.nameExact === null) return { screen: 'name' }
  const kind = PHOTO_KINDS.find(
    (one) => entry.photos[one].rule !== 'off' && entry.photos[one].outcome === null,
  )
  return kind ? { screen: 'photo', kind } : { screen: 'room' }
}

const STEP_OF: Readonly<Record<Place['screen'], Step | null>> = {
  information: 'information',
  equipment: 'equipment',
  name: 'identity',
  photo: 'identity',
  readmission: 'identity',
  room: 'room',
  waiting: 'proctor',
  checking: 'proctor',
  start: 'exam',
  sitting: 'exam',
  ended: null,
  aside: null,
  outside: null,
}

/** The step of the stepper a screen belongs to; null where no stepper is shown. */
export const stepOf = (place: Place): Step | null => STEP_OF[place.screen]

/** From the queue to the end, camera, microphone and screen have to be there [ROOM-03]. */
export const isOnAir = (view: AttemptView): boolean =>
  ['waiting', 'checking', 'unlocked', 'running', 'held'].includes(view.status)

export const isOver = (view: AttemptView): boolean =>
  ['ended', 'aside'].includes(placeOf({ ...view, readmission: null }).screen)
