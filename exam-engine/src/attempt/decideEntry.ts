import { assertNever } from '@vigie/kernel/assertNever'
import { ok, refuse } from '@vigie/kernel/result'
import { PHOTO_KINDS, type PhotoKind } from '../catalog/policy.ts'
import type { CommandOf, EntryCommand } from './commands.ts'
import { happening, type Decision } from './decision.ts'
import { stateIn } from './history.ts'
import type { AttemptRefusal } from './refusals.ts'
import { MEDIA_TRACKS, type AttemptState, type Entry, type Preparing, type Presence } from './state.ts'
import type { Terms } from './terms.ts'

/** The candidate's way to the queue, steps in order [IDN-02]. */
export function decideEntry(command: EntryCommand, state: AttemptState): Decision {
  const happened = happening(command)
  if (command.type === 'enter') {
    if (command.now < state.booking.window.opensAt) return refuse({ code: 'entry-not-open' })
    const { terms, profile } = command
    return ok([{ type: 'entered', ...happened, terms, lease: 1, profile }])
  }
  if (command.type === 'recordPhoto' || command.type === 'skipPhoto') return decidePhoto(command, state)

  const { entry, terms } = stateIn(state, command, 'preparing')
  switch (command.type) {
    case 'acknowledgeInformation':
      return ok([{ type: 'information-acknowledged', ...happened, version: command.version }])
    case 'refuseInformation':
      return ok([{ type: 'information-refused', ...happened, version: command.version }])
    case 'recordEquipment': {
      const missing = missingBefore('equipment', entry, terms)
      if (missing) return refuse(missing)
      const { reportId, verdict } = command
      return ok([{ type: 'equipment-recorded', ...happened, reportId, verdict }])
    }
    case 'confirmName': {
      const missing = missingBefore('name', entry, terms)
      if (missing) return refuse(missing)
      return ok([{ type: 'name-confirmed', ...happened, exact: command.exact }])
    }
    case 'join': {
      const missing = missingBefore('join', entry, terms) ?? missingInRoom(command, terms)
      return missing ? refuse(missing) : ok([{ type: 'joined', ...happened, recording: terms.recorded }])
    }
    default:
      return assertNever(command)
  }
}

const STEPS = ['information', 'equipment', 'name', 'photos', 'join'] as const
type Step = (typeof STEPS)[number]

/** What an earlier step still lacks [IDN-02]. */
function missingBefore(step: Step, entry: Entry, terms: Terms): AttemptRefusal | null {
  for (const earlier of STEPS.slice(0, STEPS.indexOf(step))) {
    const missing = missingIn(earlier, entry, terms)
    if (missing) return missing
  }
  return null
}

function missingIn(step: Step, entry: Entry, terms: Terms): AttemptRefusal | null {
  switch (step) {
    case 'information':
      return entry.information?.answer === 'acknowledged' ? null : { code: 'information-missing' }
    case 'equipment':
      if (!entry.equipment) return { code: 'equipment-missing' }
      // What the installation does not offer is `unknown`, never `fail` [CHK-06]: only a fail keeps a candidate out.
      return entry.equipment.verdict === 'fail' ? { code: 'equipment-unfit' } : null
    case 'name':
      return entry.name ? null : { code: 'name-missing' }
    case 'photos':
      return PHOTO_KINDS.every((kind) => terms.photos[kind] === 'off' || entry.photos[kind])
        ? null
        : { code: 'photo-missing' }
    case 'join':
      return null
  }
}

function missingInRoom(command: CommandOf<'join'>, terms: Terms): AttemptRefusal | null {
  if (!command.roomConfirmed) return { code: 'room-unconfirmed' }
  if (!MEDIA_TRACKS.every((track) => command.sharing.includes(track))) return { code: 'media-missing' }
  return terms.recorded && !command.recordingAnnounced ? { code: 'recording-unannounced' } : null
}

type PhotoCommand = CommandOf<'recordPhoto' | 'skipPhoto'>

function decidePhoto(command: PhotoCommand, state: AttemptState): Decision {
  const before = stateIn(state, command, 'preparing', 'waiting', 'checking', 'held')
  const refusal =
    photoRefusal(command, before.terms) ??
    (before.status === 'preparing'
      ? entryPhotoRefusal(before)
      : laterPhotoRefusal(command.photo, before.presence))
  if (refusal) return refuse(refusal)

  const happened = happening(command)
  const { photo } = command
  if (command.type === 'skipPhoto') return ok([{ type: 'photo-skipped', ...happened, photo }])
  return ok([
    { type: 'photo-recorded', ...happened, photo, photoId: command.photoId, digest: command.digest },
  ])
}

function photoRefusal(command: PhotoCommand, terms: Terms): AttemptRefusal | null {
  const rule = terms.photos[command.photo]
  if (rule === 'off') return { code: 'photo-not-asked' }
  return command.type === 'skipPhoto' && rule === 'required' ? { code: 'photo-required' } : null
}

const entryPhotoRefusal = ({ entry, terms }: Preparing): AttemptRefusal | null =>
  missingBefore('photos', entry, terms)

/** After the queue only photo 2 is taken again, by a device that asks to be readmitted [ROOM-05]. */
const laterPhotoRefusal = (photo: PhotoKind, presence: Presence): AttemptRefusal | null =>
  presence.readmission && photo === 'face' ? null : { code: 'readmission-not-asked' }
