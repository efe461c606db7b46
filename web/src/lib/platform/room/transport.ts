import { withFloor } from './floor.ts'
import {
  ENABLED,
  PUBLISHER,
  SUBSCRIBER,
  type Joined,
  type Request,
  type Resumed,
  type SessionDescription,
} from './messages.ts'

/** A break this short often heals without anybody's help, in milliseconds. */
const HEALING = 3_000

/** How the SFU wishes to be reached; through the relay alone where it or we insist. */
export function configurationOf(
  { ice_servers, client_configuration }: Joined | Resumed,
  relayOnly: boolean,
): RTCConfiguration {
  const relay = relayOnly || client_configuration?.force_relay === ENABLED
  return {
    iceServers: ice_servers.map(({ urls, username, credential }) => ({
      urls: [...urls],
      ...(username ? { username, credential } : {}),
    })),
    iceTransportPolicy: relay ? 'relay' : 'all',
  }
}

interface Wires {
  readonly send: (request: Request) => void
  /** Its connection stands, or no longer does. */
  readonly onchange: () => void
  /** Its connection is cut and does not come back by itself. */
  readonly onbroken: () => void
}

/** One of a room's two peer connections: what both sides do alike. */
abstract class Transport {
  readonly peer: RTCPeerConnection
  /** Candidates of a description that is not there yet. */
  #early: RTCIceCandidateInit[] = []
  #broken: ReturnType<typeof setTimeout> | undefined
  #expecting = true

  constructor(target: number, config: RTCConfiguration, wires: Wires) {
    const peer = new RTCPeerConnection(config)
    this.peer = peer
    peer.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate) wires.send({ trickle: { candidateInit: JSON.stringify(candidate.toJSON()), target } })
    })
    peer.addEventListener('connectionstatechange', () => {
      clearTimeout(this.#broken)
      if (peer.connectionState === 'failed') wires.onbroken()
      if (peer.connectionState === 'disconnected') this.#broken = setTimeout(wires.onbroken, HEALING)
      wires.onchange()
    })
  }

  get connected(): boolean {
    return this.peer.connectionState === 'connected'
  }

  candidate(init: RTCIceCandidateInit): void {
    if (this.#expecting) this.#early.push(init)
    // One that no longer fits is no loss: the other side has more.
    else this.peer.addIceCandidate(init).catch(() => {})
  }

  /** A new description is on its way: candidates that come before it belong to it. */
  expect(): void {
    this.#expecting = true
  }

  close(): void {
    clearTimeout(this.#broken)
    this.peer.close()
  }

  protected async take({ type, sdp }: SessionDescription): Promise<void> {
    await this.peer.setRemoteDescription({ type: type as RTCSdpType, sdp })
    this.#expecting = false
    for (const init of this.#early.splice(0)) this.candidate(init)
  }
}

/** What leaves: we offer, the SFU answers. */
export class Publisher extends Transport {
  /** What pictures together may take at any moment, in kilobits per second, from the next answer on. */
  floorKbps = 0
  readonly #send: Wires['send']
  /** The offer that waits for its answer, and whoever wants one after it. */
  #offered: { readonly id: number; readonly done: PromiseWithResolvers<void> } | null = null
  #wanted: PromiseWithResolvers<void> | null = null
  #restart = false
  #offers = 0

  constructor(config: RTCConfiguration, wires: Wires) {
    super(PUBLISHER, config, wires)
    this.#send = wires.send
  }

  /** Resolves when the SFU has answered an offer made from now on. */
  negotiate(): Promise<void> {
    this.#wanted ??= Promise.withResolvers<void>()
    // Whoever asked may have gone by the time it fails.
    this.#wanted.promise.catch(() => {})
    const { promise } = this.#wanted
    if (!this.#offered) void this.#offer()
    return promise
  }

  /** The way was cut: looks for a new one. An offer whose answer went lost is made again. */
  async restart(): Promise<void> {
    this.#restart = true
    this.expect()
    const lost = this.#offered
    this.#offered = null
    if (this.peer.signalingState === 'have-local-offer')
      await this.peer.setLocalDescription({ type: 'rollback' })
    const done = this.negotiate()
    if (lost) done.then(lost.done.resolve, lost.done.reject)
  }

  async answered(answer: SessionDescription): Promise<void> {
    const offered = this.#offered
    if (!offered || (answer.id !== 0 && answer.id !== offered.id)) return
    try {
      await this.take({ ...answer, sdp: withFloor(answer.sdp, this.floorKbps) })
      offered.done.resolve()
    } catch (error) {
      offered.done.reject(error)
    }
    if (this.#offered === offered) this.#offered = null
    if (this.#wanted) void this.#offer()
  }

  async #offer(): Promise<void> {
    const done = this.#wanted ?? Promise.withResolvers<void>()
    this.#wanted = null
    const offered = { id: ++this.#offers, done }
    this.#offered = offered
    try {
      const offer = await this.peer.createOffer({ iceRestart: this.#restart })
      this.#restart = false
      if (this.#offered !== offered) return
      await this.peer.setLocalDescription(offer)
      this.#send({ offer: { type: 'offer', sdp: offer.sdp ?? '', id: offered.id } })
    } catch (error) {
      if (this.#offered === offered) this.#offered = null
      done.reject(error)
    }
  }
}

/** What arrives: the SFU offers, we answer, one after the other. */
export class Subscriber extends Transport {
  readonly #send: Wires['send']
  #work: Promise<void> = Promise.resolve()

  constructor(config: RTCConfiguration, wires: Wires) {
    super(SUBSCRIBER, config, wires)
    this.#send = wires.send
  }

  /** A failure is the SFU's to notice: it offers again, or lets us go. */
  offered(offer: SessionDescription): void {
    this.#work = this.#work.then(() => this.#answer(offer)).catch(() => {})
  }

  async #answer(offer: SessionDescription): Promise<void> {
    await this.take(offer)
    const answer = await this.peer.createAnswer()
    await this.peer.setLocalDescription(answer)
    this.#send({ answer: { type: 'answer', sdp: answer.sdp ?? '', id: offer.id } })
  }
}
