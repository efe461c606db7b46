import { assertNever } from '@vigie/kernel/assertNever'
import { ok, refuse } from '@vigie/kernel/result'
import { CHECKLIST_ITEMS } from '../supervision/checklist.ts'
import type { CheckingCommand, CommandOf } from './commands.ts'
import { happening, type Decision } from './decision.ts'
import { stateIn, type StateIn } from './history.ts'
import type { AttemptRefusal } from './refusals.ts'
import type { AttemptState, Presence } from './state.ts'
import type { Terms } from './terms.ts'

/** The proctor's way to the unlock: queue, checklist, password [SUP-02…04]. */
export function decideChecking(command: CheckingCommand, state: AttemptState): Decision {
  const happened = happening(command)
  switch (command.type) {
    case 'take':
      return decideTake(command, stateIn(state, command, 'waiting', 'running', 'held'))
    case 'release': {
      const { proctorId } = stateIn(state, command, 'checking', 'unlocked', 'running', 'held')
      if (proctorId === null) return refuse({ code: 'not-taken' })
      return ok([{ type: 'released', ...happened, proctorId, reason: command.reason }])
    }
    case 'handOver':
      return decideHandOver(command, stateIn(state, command, 'checking', 'unlocked', 'running', 'held'))
    case 'tick': {
      const { terms, checklist } = stateIn(state, command, 'checking')
      const { item, mark, note } = command
      if (terms.checklist[item] === 'off') return refuse({ code: 'item-not-asked' })
      return ok([{ type: 'item-ticked', ...happened, item, mark, note, version: checklist.version + 1 }])
    }
    case 'unlock': {
      const before = stateIn(state, command, 'checking')
      const refusal = unlockRefusal(before, command.checklistVersion)
      if (refusal) return refuse(refusal)
      return ok([{ type: 'unlocked', ...happened, checklistVersion: command.checklistVersion }])
    }
    case 'lock':
      return ok([{ type: 'locked', ...happened }])
    case 'refuse':
      return ok([{ type: 'refused', ...happened, reason: command.reason }])
    default:
      return assertNever(command)
  }
}

function decideTake(command: CommandOf<'take'>, before: StateIn<'waiting' | 'running' | 'held'>): Decision {
  const { by, load } = command
  if (by.role === 'system') return refuse({ code: 'not-permitted' })
  if (before.status !== 'waiting' && before.proctorId !== null) return refuse({ code: 'already-taken' })
  // A lead takes over whatever their load: somebody has to.
  if (by.role === 'proctor' && load >= before.terms.maximumCaseload) return refuse({ code: 'caseload-full' })
  return ok([{ type: 'taken', ...happening(command), proctorId: by.id }])
}

/** [SUP-04] An unlock is bound to its proctor: handing over locks again. */
function decideHandOver(
  command: CommandOf<'handOver'>,
  before: StateIn<'checking' | 'unlocked' | 'running' | 'held'>,
): Decision {
  const happened = happening(command)
  const { by, to, load, note } = command
  if (to === before.proctorId) return ok([])
  // A lead knows what they ask of a colleague; a proctor cannot push their own load onto one who is full.
  if (by.role !== 'lead' && load >= before.terms.maximumCaseload) return refuse({ code: 'caseload-full' })
  const handedOver = { type: 'handed-over', ...happened, from: before.proctorId, to, note } as const
  return ok(before.status === 'unlocked' ? [{ type: 'locked', ...happened }, handedOver] : [handedOver])
}

function unlockRefusal(before: StateIn<'checking'>, version: number): AttemptRefusal | null {
  const { terms, checklist, presence } = before
  if (version !== checklist.version) return { code: 'checklist-changed' }
  if (!isReadmissible(presence, terms)) return { code: 'readmission-pending' }
  const items = CHECKLIST_ITEMS.filter((item) => {
    const mark = checklist.items[item]?.mark
    return terms.checklist[item] === 'compulsory' && mark !== 'ok' && mark !== 'not-applicable'
  })
  return items.length > 0 ? { code: 'checklist-incomplete', items } : null
}

/** [ROOM-05] Another device has taken photo 2 again, where the policy asks for it. */
export const isReadmissible = ({ readmission }: Presence, terms: Terms): boolean =>
  readmission === null || readmission.facePhoto !== null || terms.photos.face === 'off'
