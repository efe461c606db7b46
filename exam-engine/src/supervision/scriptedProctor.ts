import { SECOND, type Instant } from '@vigie/kernel/instant'
import { personId } from '../attempt/ids.ts'
import type { AttemptState } from '../attempt/state.ts'
import { CHECKLIST_ITEMS, type ChecklistItem } from './checklist.ts'
import type { AskedRequest, CallKind } from './requests.ts'

/** Nobody: acts on every rehearsal as a lead may, and is no person anywhere. */
export const SCRIPTED_PROCTOR = {
  role: 'lead',
  id: personId.parse('00000000-0000-7000-8000-000000000000'),
  name: 'Vigie',
} as const

/** What the scripted proctor says, each once [CHK-13.2]. */
export const SCRIPT_LINES = ['greet', 'show', 'thanks', 'unlocked', 'heard', 'called', 'resumed'] as const
export type ScriptLine = (typeof SCRIPT_LINES)[number]

/** What the scripted proctor asks to see: the shortest guide, and one everybody can follow. */
export const SHOWN: AskedRequest = 'screen-edges'

/** What the script has to remember: rows beside the attempt. */
export type ScriptMemory = {
  readonly said: readonly ScriptLine[]
  /** When the candidate first wrote; null while they have not. */
  readonly heardAt: Instant | null
  /** What was asked to be shown, and when it was settled. */
  readonly shown: { readonly askedAt: Instant; readonly settledAt: Instant | null } | null
  /** The oldest open call of the candidate. */
  readonly call: { readonly kind: CallKind; readonly at: Instant } | null
}

/** One act of the scripted proctor. `say` goes with it, where the script has a word for it that was not said yet. */
export type Move = { readonly say: ScriptLine | null } & (
  | { readonly act: 'take' | 'agreeToEnd' | 'resume' | 'ask' | 'withdraw' | 'speak' }
  | { readonly act: 'tick'; readonly item: ChecklistItem }
  | { readonly act: 'unlock'; readonly checklistVersion: number }
  | { readonly act: 'answerCall'; readonly granted: boolean }
)
export type Due = { readonly at: Instant; readonly move: Move }

/** A person would take longer; a candidate who rehearses should see each thing happen and not wait for it. */
const PAUSE = {
  take: 4 * SECOND,
  ask: 5 * SECOND,
  /** The guide is meant for half a minute; whoever never answers is not kept. */
  show: 120 * SECOND,
  tick: 1 * SECOND,
  unlock: 2 * SECOND,
  answer: 3 * SECOND,
  resume: 4 * SECOND,
}

/**
 * [CHK-13.2] What the scripted proctor does next and when; null: nothing until something changes. Read from the attempt
 * and the rows beside it alone, so that a process that dies in mid-script goes on where it was. The engine judges each
 * move like a person's: one it refuses (another device has not taken its photo yet) is tried again later.
 */
export function nextMove(state: AttemptState, memory: ScriptMemory): Due | null {
  const dues = [pathMove(state, memory), answerMove(state, memory), callMove(state, memory)]
  return dues.reduce<Due | null>((first, due) => (due && (!first || due.at < first.at) ? due : first), null)
}

/** The way to the start, out of a hold, to the end. */
function pathMove(state: AttemptState, memory: ScriptMemory): Due | null {
  const once = (line: ScriptLine) => (memory.said.includes(line) ? null : line)
  switch (state.status) {
    case 'waiting':
      return { at: state.since + PAUSE.take, move: { act: 'take', say: once('greet') } }
    case 'checking':
      return checkingMove(state, memory)
    case 'running': {
      const { endRequest } = state
      if (!endRequest || endRequest.objection) return null
      return { at: endRequest.askedAt + PAUSE.answer, move: { act: 'agreeToEnd', say: null } }
    }
    case 'held':
      // A person would wait as well until everything is shared again.
      if (state.presence.lostMedia.length > 0 || !state.presence.connected) return null
      return {
        at: Math.max(state.since, state.presence.connectedSince) + PAUSE.resume,
        move: { act: 'resume', say: once('resumed') },
      }
    default:
      return null
  }
}

type Checking = Extract<AttemptState, { status: 'checking' }>

function checkingMove(state: Checking, { said, shown }: ScriptMemory): Due {
  if (!shown) return { at: state.since + PAUSE.ask, move: { act: 'ask', say: 'show' } }
  const { settledAt } = shown
  if (settledAt === null) return { at: shown.askedAt + PAUSE.show, move: { act: 'withdraw', say: null } }
  const { items, version } = state.checklist
  const ticked = Object.values(items).map(({ at }) => at)
  const from = Math.max(state.since, settledAt, ...ticked)
  const item = CHECKLIST_ITEMS.find((one) => state.terms.checklist[one] !== 'off' && !items[one])
  if (!item) {
    const say = said.includes('unlocked') ? null : 'unlocked'
    return { at: from + PAUSE.unlock, move: { act: 'unlock', checklistVersion: version, say } }
  }
  return {
    at: from + PAUSE.tick,
    move: { act: 'tick', item, say: said.includes('thanks') ? null : 'thanks' },
  }
}

const IN_TOUCH: readonly AttemptState['status'][] = ['checking', 'unlocked', 'running', 'held']

/** The first line the candidate writes is answered, so that they see an answer come. */
function answerMove({ status }: AttemptState, { said, heardAt }: ScriptMemory): Due | null {
  if (heardAt === null || said.includes('heard') || !IN_TOUCH.includes(status)) return null
  return { at: heardAt + PAUSE.answer, move: { act: 'speak', say: 'heard' } }
}

function callMove({ status }: AttemptState, { said, call }: ScriptMemory): Due | null {
  if (!call || !IN_TOUCH.includes(status)) return null
  const say = said.includes('called') ? null : 'called'
  // A break means a hold and a visit of the room: a real proctor's decision.
  return {
    at: call.at + PAUSE.answer,
    move: { act: 'answerCall', granted: call.kind !== 'break', say },
  }
}
