import { candidateEvents, candidateHandshake } from '@vigie/contract/attempt/socket'
import { closesAt } from '@vigie/exam-engine/attempt/due'
import { orderSeed, personId, type PersonId } from '@vigie/exam-engine/attempt/ids'
import type { AttemptId, EquipmentReportId } from '@vigie/exam-engine/attempt/ids'
import type { EquipmentVerdict } from '@vigie/exam-engine/attempt/state'
import type { Socket } from 'socket.io'
import type { z } from 'zod'
import type { Chat } from '../supervision/chat.ts'
import type { Requests } from '../supervision/requests.ts'
import { signalLost, type Live } from '../supervision/live/live.ts'
import type { CredentialReader } from '../accounts/identify.ts'
import type { Papers } from '../catalog/store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { randomToken } from '../platform/keys.ts'
import type { PulseReader } from '../platform/pulse.ts'
import type { Log } from '../platform/log.ts'
import { Refused } from '../platform/refused.ts'
import { GIVEN_UP_AFTER_MS, type Handlers, type SocketKind } from '../platform/sockets.ts'
import type { Act, Intent, WithChange } from './act.ts'
import { readFacts } from './facts.ts'
import type { Line, Lines } from './lines.ts'
import { attemptRoom } from './publish.ts'
import type { SaveDraft } from './saving.ts'
import { readAttempt } from './store.ts'
import { attemptView } from './view.ts'

/** One connected page of a candidate. */
export interface CandidatePeer {
  readonly attempt: AttemptId
  readonly candidate: PersonId
  readonly lease: number
  readonly lastNumber: number
  readonly name: string
}

interface CandidateSocketDeps {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly act: Act
  readonly save: SaveDraft
  readonly papers: Papers
  readonly chat: Chat
  readonly requests: Requests
  readonly credentials: CredentialReader
  /** The verdict the server computed for a report filed under this attempt; null when there is none such [CHK-11]. */
  readonly verdictOf: (report: EquipmentReportId, attempt: AttemptId) => Promise<EquipmentVerdict | null>
  readonly live: Live
  readonly pulse: PulseReader
  readonly lines: Pick<Lines, 'begin' | 'end' | 'doubt'>
}

type Table = typeof candidateEvents
type Bare = Intent extends infer One
  ? One extends { by: unknown; lease: number }
    ? Omit<One, 'by' | 'lease'>
    : never
  : never

function handlers(deps: CandidateSocketDeps): Handlers<Table, CandidatePeer> {
  const by = (peer: CandidatePeer) => ({ role: 'candidate', id: peer.candidate }) as const
  const act = async (peer: CandidatePeer, command: Bare, also?: WithChange): Promise<{ version: number }> => {
    const intent = { ...command, by: by(peer), lease: peer.lease } as Intent
    const { version } = await deps.act(peer.attempt, intent, also)
    return { version }
  }
  return {
    'attempt:clock': async () => ({ now: deps.clock.now() }),
    'attempt:acknowledge-information': ({ version }, peer) =>
      act(peer, { type: 'acknowledgeInformation', version }),
    'attempt:refuse-information': ({ version }, peer) => act(peer, { type: 'refuseInformation', version }),
    'attempt:record-equipment': async ({ report }, peer) => {
      const verdict = await deps.verdictOf(report, peer.attempt)
      if (!verdict) throw new Refused('not-found')
      return act(peer, { type: 'recordEquipment', reportId: report, verdict })
    },
    'attempt:confirm-name': ({ exact }, peer) => act(peer, { type: 'confirmName', exact }),
    'attempt:skip-photo': ({ photo }, peer) => act(peer, { type: 'skipPhoto', photo }),
    'attempt:join': (input, peer) => act(peer, { type: 'join', ...input }),
    'attempt:start': async (_input, peer) => {
      const { version } = await deps.act(peer.attempt, async (tx, { state }) => {
        const paper = await deps.papers.lock(tx, state.booking.paperId)
        return {
          type: 'start',
          by: by(peer),
          lease: peer.lease,
          seed: orderSeed.parse(randomToken()),
          parts: paper.parts.map((part) => part.id),
        }
      })
      return { version }
    },
    'attempt:save': (save, peer) => deps.save(peer.attempt, save),
    'attempt:announce-answers': (input, peer) => act(peer, { type: 'announceAnswers', ...input }),
    'attempt:close-part': ({ part, lastNumber }, peer) =>
      act(peer, { type: 'closePart', partId: part, lastNumber }),
    'attempt:request-end': (input, peer) => act(peer, { type: 'requestEnd', ...input }),
    'attempt:withdraw-end': (_input, peer) => act(peer, { type: 'withdrawEnd' }),
    'attempt:insist-on-end': (input, peer) => act(peer, { type: 'insistOnEnd', ...input }),
    'attempt:acknowledge-hold': (_input, peer) => act(peer, { type: 'acknowledgeHold' }),
    'attempt:media': ({ track, lost, cause }, peer) =>
      act(peer, { type: lost ? 'mediaLost' : 'mediaBack', track }, signalLost(cause)),
    'attempt:signal': async ({ signal, ago }, peer) => {
      await deps.live.signal(peer.attempt, signal, ago)
      return {}
    },
    'attempt:step': async ({ step, ago }, peer) => {
      await deps.live.step(peer.attempt, step, ago)
      return {}
    },
    'chat:send': ({ text, key }, peer) =>
      deps.chat.send(peer.attempt, key, text, {
        side: 'candidate',
        id: peer.candidate,
        name: peer.name,
        by: () => by(peer),
      }),
    'chat:history': async (_input, peer) => ({ lines: await deps.chat.history(peer.attempt) }),
    'attempt:call': ({ kind }, peer) => deps.requests.call(peer.attempt, kind),
    'attempt:answer-request': async ({ id, outcome }, peer) => {
      await deps.requests.answer(peer.attempt, id, outcome)
      return {}
    },
    'attempt:seen-notice': async ({ id }, peer) => {
      await deps.requests.seen(peer.attempt, id)
      return {}
    },
    'chat:delivered': async ({ upTo }, peer) => {
      await deps.chat.delivered(peer.attempt, 'candidate', upTo)
      return {}
    },
    'chat:read': async ({ upTo }, peer) => {
      await deps.chat.read(peer.attempt, 'candidate', upTo)
      return {}
    },
  }
}

/**
 * The candidate's socket: admitted by the attempt's credential and the current lease. An older lease is told so
 * before anything else [ROOM-05].
 */
export function candidateSocket(deps: CandidateSocketDeps): SocketKind<CandidatePeer, Table> {
  const nothing = { type: 'expire', by: { role: 'system' } } as const
  const line = (socket: Socket, { attempt, lease }: CandidatePeer): Line => ({
    id: socket.id,
    attempt,
    lease,
  })
  const by = ({ candidate }: CandidatePeer) => ({ role: 'candidate', id: candidate }) as const
  /**
   * What is told is true when the attempt is locked: a page may have left, or come back on another line, here or on
   * another process, while its word waited for its turn [ATT-06.8].
   */
  const come = (socket: Socket, peer: CandidatePeer) =>
    deps.act(peer.attempt, async (tx) => {
      if (!socket.connected) return nothing
      await deps.lines.begin(tx, line(socket, peer))
      return { type: 'connected', by: by(peer), lease: peer.lease, lastNumber: peer.lastNumber }
    })
  const leave = (socket: Socket, peer: CandidatePeer) =>
    deps.act(peer.attempt, async (tx, { state }) => {
      const gone = await deps.lines.end(tx, line(socket, peer))
      // Where nobody can be present it would be refused, and with it that the line has ended.
      return gone && 'presence' in state ? { type: 'disconnected', by: by(peer), lease: peer.lease } : nothing
    })
  /** Would the attempt be closed before its dead line were given up? Then it would be closed as connected [ATT-06]. */
  const closesSoon = async (peer: CandidatePeer): Promise<boolean> => {
    const stored = await readAttempt(deps.db, peer.attempt)
    const at = stored && closesAt(stored.state)
    return at !== null && at - deps.clock.now() <= GIVEN_UP_AFTER_MS
  }
  const felt = new WeakMap<Socket, () => void>()
  return {
    name: 'candidate',
    handshake: candidateHandshake,
    events: candidateEvents,
    handlers: handlers(deps),
    async admit(handshake) {
      const { attempt, credential, lease, lastNumber } = handshake as z.output<typeof candidateHandshake>
      const holder = await deps.credentials.holderOf(credential)
      if (!holder || holder.attempt !== attempt) throw new Refused('not-allowed')
      const facts = await readFacts(deps.db, attempt)
      if (!facts) throw new Refused('attempt-unknown')
      const current = 'presence' in facts.state ? facts.state.presence.lease : lease
      if (lease < current) throw new Refused('lease-superseded')
      const peer: CandidatePeer = {
        attempt,
        candidate: personId.parse(holder.candidate),
        lease,
        lastNumber,
        name: facts.candidateName,
      }
      return { actor: { kind: 'attempt', attempt, candidate: holder.candidate }, peer }
    },
    async connected(socket, peer) {
      await socket.join(attemptRoom(peer.attempt))
      let silent = false
      const isSilent = () => silent
      const tell = async () => {
        try {
          await deps.live.silence(peer.attempt, silent ? deps.clock.now() : null)
          // The line, not the page: one that is alive after all comes back on a new line by itself.
          if (isSilent() && (await closesSoon(peer)) && isSilent()) socket.conn.close(true)
        } catch (error) {
          deps.log.error({ err: error }, 'a silence could not be told')
        }
      }
      const changed = (now: boolean) => {
        silent = now
        void tell()
      }
      felt.set(socket, deps.pulse.feel(socket, changed))
      await come(socket, peer).catch(ignoreRefusal)
      const facts = await readFacts(deps.db, peer.attempt)
      if (facts) socket.emit('attempt', attemptView(facts, deps.clock.now()))
    },
    async disconnected(socket, peer) {
      felt.get(socket)?.()
      try {
        await deps.live.silence(peer.attempt, null).catch(ignoreRefusal)
        await leave(socket, peer).catch(ignoreRefusal)
      } catch (error) {
        deps.lines.doubt()
        throw error
      }
    },
  }
}

/**
 * Presence is told in every state; where the domain has no use for it (before entry, after the end, once a rehearsal is
 * erased) it says so.
 */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Refused)) throw error
}
