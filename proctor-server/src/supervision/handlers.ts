import type { Bulk, consoleEvents } from '@vigie/contract/supervision/socket'
import { entryAskedFor } from '@vigie/exam-engine/attempt/decideCredit'
import type { AttemptId, PersonId } from '@vigie/exam-engine/attempt/ids'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import { rowRefusal, type RowAction } from '@vigie/exam-engine/supervision/actions'
import { assertNever } from '@vigie/kernel/assertNever'
import { authorise, type RelationReader } from '../accounts/authorisation.ts'
import type { Act, Intent } from '../attempt/act.ts'
import { readAttempt } from '../attempt/store.ts'
import { firstName } from '../attempt/view.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { RequestContext } from '../platform/command.ts'
import type { Database, Tx } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'
import type { Handlers } from '../platform/sockets.ts'
import { derivedId, doToMany } from './bulk.ts'
import type { Chat } from './chat.ts'
import { keepNote } from './keptText.ts'
import type { Live } from './live/live.ts'
import type { Remarks } from './remarks.ts'
import type { Requests } from './requests.ts'
import { caseload, isThere, staffing, type Staffing } from './store.ts'
import { readTimeline } from './timeline.ts'

/** One connected console of a proctor or lead. */
export interface ConsolePeer {
  readonly person: PersonId
  readonly name: string
  /** The sessions this person works on, and in which capacity. */
  readonly sessions: Staffing
}

export interface ConsoleHandlerDeps {
  readonly db: Database
  readonly clock: Clock
  readonly act: Act
  readonly chat: Chat
  readonly remarks: Remarks
  readonly requests: Requests
  readonly live: Live
  readonly relations: RelationReader
}

type Table = typeof consoleEvents
type Bare = Intent extends infer One ? (One extends { by: unknown } ? Omit<One, 'by'> : never) : never
type Maker = Bare | ((tx: Tx, state: AttemptState) => Promise<Bare>)

/** In the role this person has in the session of the attempt. */
const speaker = (peer: ConsolePeer) => (state: AttemptState) => ({
  role: peer.sessions.get(state.booking.sessionId) ?? ('proctor' as const),
  id: peer.person,
})

/** What the audit log keeps of an action beside its events: its coded reason and its figures, never a text. */
function particularsOf(command: Bare): Record<string, unknown> {
  const { reason, seconds, item, mark, number, granted, credit, to } = command as Record<string, unknown>
  const code = typeof reason === 'object' && reason !== null && 'code' in reason ? reason.code : undefined
  return { reason: code, seconds, item, mark, number, granted, credit, to }
}

/** Every event of a console: parsed and authorised before it comes here, decided by the domain after. */
export function consoleHandlers(deps: ConsoleHandlerDeps): Handlers<Table, ConsolePeer> {
  /** Every action of a proctor: decided by the domain in the role they have in that session, and audited. */
  const act = async (
    name: string,
    attempt: AttemptId,
    peer: ConsolePeer,
    context: RequestContext,
    make: Maker,
  ) => {
    let role: 'proctor' | 'lead' = 'proctor'
    let particulars: Record<string, unknown> = {}
    const { version } = await deps.act(
      attempt,
      async (tx, { state }) => {
        const by = speaker(peer)(state)
        role = by.role
        const command = typeof make === 'function' ? await make(tx, state) : make
        particulars = particularsOf(command)
        return { ...command, by } as Intent
      },
      async (tx, _change, events) => {
        // Asked for again, it was done and written down before [SUP-06.5].
        if (events.length === 0) return
        await audit(tx, deps.clock, {
          actor: context.actor,
          role,
          action: name,
          attempt,
          detail: { events: events.map((event) => event.type), ...particulars },
        })
      },
    )
    return { version }
  }
  const reasoned =
    (name: string, type: Bare['type']) =>
    (
      input: {
        attempt: AttemptId
        reason: string
        note?: string | undefined
        seconds?: number
        key?: string | undefined
      },
      peer: ConsolePeer,
      context: RequestContext,
    ) =>
      act(name, input.attempt, peer, context, async (tx, state) => {
        const { attempt, reason, note, ...figures } = input
        const kept = entryAskedFor(state, input.key)?.reason.note ?? (await keepNote(tx, attempt, note))
        return { type, reason: { code: reason, note: kept }, ...figures } as Bare
      })

  /** An action that is a row beside the attempt exists where the domain says, like every other [SUP-06]. */
  const exists = async (attempt: AttemptId, action: RowAction): Promise<void> => {
    const stored = await readAttempt(deps.db, attempt)
    const code = stored ? rowRefusal(action, stored.state) : 'attempt-unknown'
    if (code) throw new Refused(code)
  }
  const authorOf = (peer: ConsolePeer) => ({ id: peer.person, name: peer.name, by: speaker(peer) })
  const chatAuthorOf = (peer: ConsolePeer) =>
    ({ ...authorOf(peer), side: 'proctor', name: firstName(peer.name) }) as const

  /** One candidate of a fire alarm: authorised and decided as if it were the only one. */
  const oneOfMany = async (attempt: AttemptId, bulk: Bulk, peer: ConsolePeer, context: RequestContext) => {
    const action = bulk.action === 'message' ? 'supervision.desk' : 'supervision.act'
    await authorise(context.actor, action, attempt, deps.relations)
    switch (bulk.action) {
      case 'hold':
        return reasoned('supervision.hold', 'hold')(
          { attempt, reason: bulk.reason, note: bulk.note },
          peer,
          context,
        )
      case 'resume':
        return act('supervision.resume', attempt, peer, context, { type: 'resume', credit: null })
      case 'addTime': {
        const { reason, note, seconds, key } = bulk
        return reasoned('supervision.add-time', 'addTime')(
          { attempt, reason, note, seconds, key },
          peer,
          context,
        )
      }
      case 'message': {
        await exists(attempt, 'message')
        return deps.chat.send(attempt, derivedId(bulk.key, attempt), bulk.text, chatAuthorOf(peer), {
          actor: context.actor,
          action: 'supervision.message-to-all',
        })
      }
      default:
        return assertNever(bulk)
    }
  }

  return {
    'supervision:clock': async () => ({ now: deps.clock.now() }),
    'supervision:take': ({ attempt }, peer, context) =>
      act('supervision.take', attempt, peer, context, async (tx) => ({
        type: 'take',
        load: await caseload(tx, peer.person),
      })),
    'supervision:release': reasoned('supervision.release', 'release'),
    'supervision:hand-over': ({ attempt, to, note }, peer, context) =>
      act('supervision.hand-over', attempt, peer, context, async (tx, state) => {
        // Somebody who does not work on this session would never see the candidate.
        if (!(await staffing(tx, to)).has(state.booking.sessionId)) throw new Refused('proctor-unknown')
        // Nobody would replace somebody who was never there: the candidate would be watched by no one, without an alarm.
        if (!(await isThere(tx, to, deps.clock.now()))) throw new Refused('proctor-absent')
        return {
          type: 'handOver',
          to,
          load: await caseload(tx, to),
          note: await keepNote(tx, attempt, note),
        }
      }),
    'supervision:tick': ({ attempt, item, mark, note }, peer, context) =>
      act('supervision.tick', attempt, peer, context, async (tx) => ({
        type: 'tick',
        item,
        mark,
        note: await keepNote(tx, attempt, note),
      })),
    'supervision:unlock': ({ attempt, checklistVersion }, peer, context) =>
      act('supervision.unlock', attempt, peer, context, { type: 'unlock', checklistVersion }),
    'supervision:lock': ({ attempt }, peer, context) =>
      act('supervision.lock', attempt, peer, context, { type: 'lock' }),
    'supervision:refuse': reasoned('supervision.refuse', 'refuse'),
    'supervision:agree-to-end': ({ attempt }, peer, context) =>
      act('supervision.agree-to-end', attempt, peer, context, { type: 'agreeToEnd' }),
    'supervision:object-to-end': reasoned('supervision.object-to-end', 'objectToEnd'),
    'supervision:hold': reasoned('supervision.hold', 'hold'),
    'supervision:resume': ({ attempt, credit }, peer, context) =>
      act('supervision.resume', attempt, peer, context, { type: 'resume', credit }),
    'supervision:add-time': reasoned('supervision.add-time', 'addTime'),
    'supervision:remove-time': reasoned('supervision.remove-time', 'removeTime'),
    'supervision:answer-proposal': ({ attempt, number, granted }, peer, context) =>
      act('supervision.answer-proposal', attempt, peer, context, { type: 'answerProposal', number, granted }),
    'supervision:terminate': reasoned('supervision.terminate', 'terminate'),
    'supervision:close-as-technical': reasoned('supervision.close-as-technical', 'closeAsTechnical'),
    'supervision:reactivate': reasoned('supervision.reactivate', 'reactivate'),
    'supervision:note': async ({ attempt, text, shownToCandidate, key }, peer, context) => {
      await exists(attempt, 'note')
      return deps.remarks.note(attempt, authorOf(peer), context.actor, text, shownToCandidate, key)
    },
    'supervision:flag': async ({ attempt, key, ...flag }, peer, context) => {
      await exists(attempt, 'flag')
      return deps.remarks.flag(attempt, authorOf(peer), context.actor, flag, key)
    },
    'supervision:warn': async ({ attempt, reason, note, key }, peer, context) => {
      await exists(attempt, 'warn')
      return deps.remarks.warn(attempt, authorOf(peer), context.actor, reason, note ?? '', key)
    },
    'supervision:ask': ({ attempt, kind }, _peer, context) => deps.requests.ask(attempt, kind, context.actor),
    'supervision:withdraw-request': async ({ attempt, id }, _peer, context) => {
      await deps.requests.withdraw(attempt, id, context.actor)
      return {}
    },
    'supervision:answer-call': async ({ attempt, id, granted }, _peer, context) => {
      await deps.requests.answerCall(attempt, id, granted, context.actor)
      return {}
    },
    'supervision:bulk': (bulk, peer, context) =>
      doToMany(bulk, (attempt) => oneOfMany(attempt, bulk, peer, context), context.log),
    'supervision:joiner-seen': async ({ attempt }, _peer, context) => {
      await deps.live.joinerSeen(attempt, context.actor)
      return {}
    },
    'supervision:timeline': async ({ attempt }) => ({ marks: await readTimeline(deps.db, attempt) }),
    'chat:send': async ({ attempt, text, key }, peer, context) => {
      await exists(attempt, 'message')
      return deps.chat.send(attempt, key, text, chatAuthorOf(peer), {
        actor: context.actor,
        action: 'supervision.message',
      })
    },
    'chat:history': async ({ attempt }) => ({ lines: await deps.chat.history(attempt) }),
    'chat:delivered': async ({ attempt, upTo }, peer) => {
      await deps.chat.delivered(attempt, { proctor: peer.person }, upTo)
      return {}
    },
    'chat:read': async ({ attempt, upTo }, peer) => {
      await deps.chat.read(attempt, { proctor: peer.person }, upTo)
      return {}
    },
  }
}
