import type { OwnRehearsals, Rehearsal, RehearsalLanguage } from '@vigie/contract/checks/rehearsal'
import type { AttemptId } from '@vigie/exam-engine/attempt/ids'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import {
  nextMove,
  SCRIPTED_PROCTOR,
  SHOWN,
  type Move,
  type ScriptLine,
} from '@vigie/exam-engine/supervision/scriptedProctor'
import { MINUTE, SECOND, type Instant } from '@vigie/kernel/instant'
import type { Act, Intent } from '../../attempt/act.ts'
import type { Publisher, Rooms } from '../../attempt/publish.ts'
import { readAttempt } from '../../attempt/store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/database.ts'
import type { LiveRooms } from '../../platform/livekit.ts'
import type { Log } from '../../platform/log.ts'
import { Refused } from '../../platform/refused.ts'
import type { Chat } from '../../supervision/chat.ts'
import { openRequest } from '../../supervision/requests.ts'
import { addChatLine } from '../../supervision/store.ts'
import { beginRehearsal, rehearsalsLeft } from './begin.ts'
import { eraseRehearsal } from './erase.ts'
import {
  dueRehearsals,
  lookAgain,
  openRehearsal,
  readRehearsal,
  rehearsalsOf,
  scriptLineId,
  scriptMemory,
  settle,
} from './store.ts'
import { LINES } from './words.ts'

interface RehearsalDeps {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly act: Act
  readonly chat: Chat
  readonly publisher: Publisher
  readonly rooms: Pick<Rooms, 'supersede'>
  readonly media: Pick<LiveRooms, 'close'>
}

/** How often a rehearsal under way is looked at: soon enough for whoever waits for an answer. */
const LOOK_EVERY = 2 * SECOND
/** A page that has ended sends the rest of its recording and says so; one that is gone is waited for this long. */
const ERASED_AFTER = 3 * MINUTE
const AT_ONCE = 100
const NEVER_NEWER = Number.MAX_SAFE_INTEGER

/** When it was over; null while it is not, and while last answers are awaited. */
function overSince(state: AttemptState): Instant | null {
  switch (state.status) {
    case 'sealed':
      return state.sealedAt
    case 'no-show':
    case 'refused':
    case 'cancelled':
    case 'voided':
      return state.at
    default:
      return null
  }
}

const by = { role: SCRIPTED_PROCTOR.role, id: SCRIPTED_PROCTOR.id } as const

/** The command of the attempt that a move is; null for those that are rows beside it. */
function commandOf(move: Move): Intent | null {
  switch (move.act) {
    case 'take':
      return { type: 'take', by, load: 0 }
    case 'tick':
      return { type: 'tick', by, item: move.item, mark: 'ok', note: null }
    case 'unlock':
      return { type: 'unlock', by, checklistVersion: move.checklistVersion }
    case 'agreeToEnd':
      return { type: 'agreeToEnd', by }
    case 'resume':
      return { type: 'resume', by, credit: null }
    default:
      return null
  }
}

/**
 * Rehearsals [CHK-13]: attempts in all but what counts, with a scripted proctor. What the script does and when they are
 * erased is a column, `due_at`; the ticker that drains deadlines drains these too, so that a process that is killed
 * leaves nothing behind.
 */
export function createRehearsals(deps: RehearsalDeps) {
  const { db, clock, log, act, chat, publisher, rooms, media } = deps

  async function perform(id: string, move: Move, language: RehearsalLanguage): Promise<void> {
    const speak = (line: ScriptLine) => ({ key: scriptLineId(id, line), text: LINES[language][line] })
    const said = move.say && speak(move.say)
    // With what is done, so that a process that dies in between loses neither.
    const keep = async (tx: Tx): Promise<void> => {
      if (!said) return
      await addChatLine(tx, {
        id: said.key,
        attempt_id: id,
        at: clock.now(),
        author: 'proctor',
        author_id: SCRIPTED_PROCTOR.id,
        author_name: SCRIPTED_PROCTOR.name,
        text: said.text,
        delivered_at: null,
        read_at: null,
        // What the script says is no evidence: it does not enter the chain.
        salt: null,
      })
    }
    const command = commandOf(move)
    if (command) await act(id, command, keep)
    else
      await db.transaction().execute(async (tx) => {
        await keep(tx)
        if (move.act === 'ask')
          await openRequest(tx, clock, { attempt: id, side: 'proctor', kind: SHOWN, by: null })
        if (move.act === 'withdraw') await settle(tx, id, 'proctor', 'withdrawn', clock.now())
        if (move.act === 'answerCall')
          await settle(tx, id, 'candidate', move.granted ? 'done' : 'cannot', clock.now())
      })
    // The line is there: sending it again only tells the page.
    if (said)
      await chat.send(id, said.key, said.text, {
        side: 'proctor',
        id: SCRIPTED_PROCTOR.id,
        name: SCRIPTED_PROCTOR.name,
        by: () => by,
      })
    else if (!command) await publisher.show(id)
  }

  async function erase(id: string): Promise<void> {
    if (!(await eraseRehearsal(db, id, clock.now()))) return
    // A room that stays open is closed by the next sweep of the rooms: its attempt is gone.
    await media.close(id).catch((error: unknown) => log.debug({ err: error }, 'a room could not be closed'))
  }

  /** Does what is due on one rehearsal; gives when to look again, or null when it is over. */
  async function look(id: string, language: RehearsalLanguage): Promise<Instant | null> {
    const now = clock.now()
    const stored = await readAttempt(db, id)
    if (!stored) return null
    const over = overSince(stored.state)
    if (over !== null) {
      if (now < over + ERASED_AFTER) return over + ERASED_AFTER
      await erase(id)
      // A page that still stands there has nothing behind it any more.
      rooms.supersede(id, NEVER_NEWER)
      return null
    }
    const next = nextMove(stored.state, await scriptMemory(db, id))
    if (!next || next.at > now) return Math.min(next?.at ?? Infinity, now + LOOK_EVERY)
    try {
      await perform(id, next.move, language)
      return now
    } catch (error) {
      // The candidate was quicker, or the engine will not have it yet: read anew.
      if (!(error instanceof Refused)) throw error
      return now + LOOK_EVERY
    }
  }

  return {
    async own(person: string): Promise<OwnRehearsals> {
      const left = (await openRehearsal(db, person)) ? 0 : await rehearsalsLeft(db, person, clock.now())
      return { rehearsals: await rehearsalsOf(db, person), left }
    },
    async read(person: string, id: string): Promise<Rehearsal> {
      const found = await readRehearsal(db, id, person)
      if (!found) throw new Refused('not-found')
      return found
    },
    async begin(person: string, rehearsed: AttemptId, language: RehearsalLanguage): Promise<Rehearsal> {
      const found = await readRehearsal(db, await beginRehearsal(deps, person, rehearsed, language))
      if (!found) throw new Error('a rehearsal was begun and is gone')
      return found
    },
    /** Who may was judged; what is no rehearsal is `not-found`. */
    async end(id: string): Promise<Rehearsal> {
      await erase(id)
      const found = await readRehearsal(db, id)
      if (!found) throw new Refused('not-found')
      return found
    },
    /** Does what is due on every rehearsal. Tests call it with their own clock. */
    async drain(): Promise<void> {
      for (const { id, language } of await dueRehearsals(db, clock.now(), AT_ONCE)) {
        const again = await look(id, language ?? 'fr').catch((error: unknown) => {
          log.error({ err: error, attempt: id }, 'a rehearsal could not be moved on')
          return clock.now() + LOOK_EVERY
        })
        if (again !== null) await lookAgain(db, id, again)
      }
    },
  }
}

export type Rehearsals = ReturnType<typeof createRehearsals>
