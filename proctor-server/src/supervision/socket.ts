import { consoleEvents, consoleHandshake } from '@vigie/contract/supervision/socket'
import { digest, personId, type AttemptId, type PersonId } from '@vigie/exam-engine/attempt/ids'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import type { Identify } from '../accounts/identify.ts'
import type { Act, Intent } from '../attempt/act.ts'
import { staffedFacts } from '../attempt/facts.ts'
import { sessionRoom } from '../attempt/publish.ts'
import { attemptView, firstName } from '../attempt/view.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { RequestContext } from '../platform/command.ts'
import type { Database, Tx } from '../platform/database.ts'
import { randomSalt, sha256 } from '../platform/keys.ts'
import { Refused } from '../platform/refused.ts'
import type { Handlers, SocketKind } from '../platform/sockets.ts'
import type { Chat } from './chat.ts'
import type { Remarks } from './remarks.ts'
import { caseload, keepText, readCaseFacts, staffing } from './store.ts'
import { readTimeline } from './timeline.ts'
import { caseView } from './view.ts'

/** One connected console of a proctor or lead. */
export interface ConsolePeer {
  readonly person: PersonId
  readonly name: string
  /** The sessions this person works on, and in which capacity. */
  readonly sessions: ReadonlyMap<string, 'proctor' | 'lead'>
}

interface ConsoleSocketDeps {
  readonly db: Database
  readonly clock: Clock
  readonly act: Act
  readonly chat: Chat
  readonly remarks: Remarks
  readonly identify: Identify
}

type Table = typeof consoleEvents
type Bare = Intent extends infer One ? (One extends { by: unknown } ? Omit<One, 'by'> : never) : never
type Maker = Bare | ((tx: Tx, state: AttemptState) => Promise<Bare>)

/** Keeps a free text beside its digest, which is what enters the chain [EVD-04]. */
async function noted(tx: Tx, attempt: string, text: string | undefined) {
  if (!text) return null
  const salt = randomSalt()
  const made = digest.parse(sha256(salt + text))
  await keepText(tx, { attempt, digest: made, salt, text })
  return made
}

function handlers(deps: ConsoleSocketDeps): Handlers<Table, ConsolePeer> {
  /** Every action of a proctor: decided by the domain in the role they have in that session, and audited. */
  const act = async (
    name: string,
    attempt: AttemptId,
    peer: ConsolePeer,
    context: RequestContext,
    make: Maker,
  ) => {
    let role: 'proctor' | 'lead' = 'proctor'
    const { version } = await deps.act(
      attempt,
      async (tx, { state }) => {
        role = peer.sessions.get(state.booking.sessionId) ?? 'proctor'
        const command = typeof make === 'function' ? await make(tx, state) : make
        return { ...command, by: { role, id: peer.person } } as Intent
      },
      (tx, _change, events) =>
        audit(tx, deps.clock, {
          actor: context.actor,
          role,
          action: name,
          attempt,
          detail: { events: events.map((event) => event.type) },
        }),
    )
    return { version }
  }
  const reasoned =
    (name: string, type: Bare['type']) =>
    (
      input: { attempt: AttemptId; reason: string; note?: string | undefined; seconds?: number },
      peer: ConsolePeer,
      context: RequestContext,
    ) =>
      act(name, input.attempt, peer, context, async (tx) => {
        const { attempt, reason, note, ...figures } = input
        return { type, reason: { code: reason, note: await noted(tx, attempt, note) }, ...figures } as Bare
      })

  return {
    'supervision:take': ({ attempt }, peer, context) =>
      act('supervision.take', attempt, peer, context, async (tx) => ({
        type: 'take',
        load: await caseload(tx, peer.person),
      })),
    'supervision:release': reasoned('supervision.release', 'release'),
    'supervision:hand-over': ({ attempt, to, note }, peer, context) =>
      act('supervision.hand-over', attempt, peer, context, async (tx) => ({
        type: 'handOver',
        to,
        note: await noted(tx, attempt, note),
      })),
    'supervision:tick': ({ attempt, item, mark, note }, peer, context) =>
      act('supervision.tick', attempt, peer, context, async (tx) => ({
        type: 'tick',
        item,
        mark,
        note: await noted(tx, attempt, note),
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
    'supervision:note': ({ attempt, text, shownToCandidate }, peer, context) =>
      deps.remarks.note(attempt, { id: peer.person, name: peer.name }, context.actor, text, shownToCandidate),
    'supervision:flag': ({ attempt, ...flag }, peer, context) =>
      deps.remarks.flag(attempt, { id: peer.person, name: peer.name }, context.actor, flag),
    'supervision:timeline': async ({ attempt }) => ({ marks: await readTimeline(deps.db, attempt) }),
    'chat:send': ({ attempt, text, key }, peer) =>
      deps.chat.send(attempt, key, text, { side: 'proctor', id: peer.person, name: firstName(peer.name) }),
    'chat:history': async ({ attempt }) => ({ lines: await deps.chat.history(attempt) }),
    'chat:read': async ({ attempt, upTo }) => {
      await deps.chat.read(attempt, 'proctor', upTo)
      return {}
    },
  }
}

/** The console's socket: a signed-in proctor or lead, in the rooms of the sessions they are staffed on. */
export function consoleSocket(deps: ConsoleSocketDeps): SocketKind<ConsolePeer, Table> {
  return {
    name: 'console',
    handshake: consoleHandshake,
    events: consoleEvents,
    handlers: handlers(deps),
    async admit(_handshake, headers) {
      const actor = await deps.identify({ cookie: headers['cookie'] })
      if (actor.kind !== 'person') throw new Refused('not-signed-in')
      const sessions = await staffing(deps.db, actor.id)
      if (sessions.size === 0) throw new Refused('not-allowed')
      return { actor, peer: { person: personId.parse(actor.id), name: actor.name, sessions } }
    },
    async connected(socket, peer) {
      for (const session of peer.sessions.keys()) await socket.join(sessionRoom(session))
      const now = deps.clock.now()
      const all = await staffedFacts(deps.db, peer.person)
      const cases = await Promise.all(
        all.map(async (facts) =>
          caseView(facts, attemptView(facts, now), await readCaseFacts(deps.db, facts)),
        ),
      )
      socket.emit('cases', cases, {
        person: peer.person,
        name: peer.name,
        sessions: Object.fromEntries(peer.sessions),
      })
    },
    async disconnected() {
      // Nothing is kept for a console: its next connection brings everything again.
    },
  }
}
