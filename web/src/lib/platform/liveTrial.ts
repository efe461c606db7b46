import type { Devices, Pace, TrialLive, TrialProblem, TrialStage } from '@vigie/checks/probes/devices'
import {
  type ConnectionMeasured,
  RELAY_TRANSPORTS,
  type RelayTransport,
  type RouteOutcome,
} from '@vigie/checks/verdict/measurements'
import { ok, refuse, type Result } from '@vigie/kernel/result'
import type { ApiClient } from './http.ts'
import { signallingUrl } from './liveRoom.ts'
import { within } from './patience.ts'
import { toProblem } from './problem.ts'
import { Room } from './room/room.ts'

/** Nobody looks at what happens in it. */
const SILENT = { changed() {}, mending() {}, mended() {} }

type Ways = Omit<ConnectionMeasured, 'outcome'>

/** How long a way is tried before it counts as blocked, in milliseconds. */
const PATIENCE = 7_000
/** How long packets are counted, once the first account of them has come. */
const COUNTING = 2_000
/** How long that first account is waited for. */
const FIRST_ACCOUNT = 4_000
/** Enough packets for a share to mean something, little enough for the slowest line that passes. */
const PICTURE = { width: 320, height: 240, framesPerSecond: 15, bitrate: 150_000 }

/**
 * Tries the ways into a live room of one, made for this alone [CHK-06]: as LiveKit chooses by itself (UDP where it
 * passes), then forced onto TCP, then through the relay. `quick` is content with the first. `api` says whose share the
 * rooms are taken from.
 */
export const connectionTrialAs =
  (api: ApiClient): Devices['connectionTrial'] =>
  async (pace, onLive, signal) => {
    if (typeof RTCPeerConnection === 'undefined') return refuse('unsupported')
    let ticket: Ticket
    try {
      ticket = await api.checks.trial()
    } catch (error) {
      return refuse(problemOf(error))
    }
    return walk(new Trial(signal), ticket, pace, onLive)
  }

function problemOf(error: unknown): TrialProblem {
  const { code } = toProblem(error)
  if (code === 'too-many' || code === 'busy') return 'capped'
  return code === 'trial-unavailable' ? 'not-offered' : 'unreachable'
}

type Ticket = Awaited<ReturnType<ApiClient['checks']['trial']>>

async function walk(
  trial: Trial,
  ticket: Ticket,
  pace: Pace,
  onLive: (live: TrialLive) => void,
): Promise<Result<Ways, TrialProblem>> {
  const untried = (way: 'tcp' | 'turn'): RouteOutcome => (ticket[way] ? 'not-tried' : 'not-offered')
  let found: TrialLive['found'] = { udp: null, tcp: null, turn: null }
  const begin = (stage: TrialStage) => onLive({ stage, found })

  begin('direct')
  const direct = await trial.enter(ticket.token, 'all')
  const taken = direct ? await trial.account() : null
  const way = taken?.way ?? null
  const udp = way === 'udp' ? 'connected' : ticket.udp ? 'failed' : 'not-offered'
  let tcp = way === 'tcp' ? 'connected' : untried('tcp')
  let turn = way === 'turn' ? 'connected' : untried('turn')
  let relay = taken?.relay ?? null
  found = { ...found, udp }
  // Where nothing else was found, the other ways are tried even in a hurry: one of them may be open.
  const thorough = pace === 'whole' || way === null
  if (thorough && direct && tcp === 'not-tried') {
    begin('tcp')
    tcp = (await trial.forceTcp(ticket.token)) ? 'connected' : 'failed'
  } else if (thorough && tcp === 'not-tried') tcp = 'failed'
  trial.leave()
  found = { ...found, tcp }
  if (thorough && turn === 'not-tried') {
    begin('turn')
    const passed = await trial.enter(ticket.relayToken, 'relay')
    turn = passed ? 'connected' : 'failed'
    if (passed) relay = await trial.relay()
  }
  trial.leave()
  return ok({
    udp,
    tcp,
    turn,
    relay,
    lossShare: taken?.lossShare ?? null,
    roundTripMs: taken?.roundTripMs ?? null,
  })
}

interface Account {
  readonly way: 'udp' | 'tcp' | 'turn' | null
  /** How the relay is reached, where that is the way. */
  readonly relay: RelayTransport | null
  readonly lossShare: number | null
  readonly roundTripMs: number | null
}

/** One stay after the other in the trial's rooms, with a moving picture so that there are packets to count. */
class Trial {
  readonly #signal: AbortSignal
  #room: Room | null = null
  #picture: MediaStreamTrack | null = null

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', () => this.leave())
  }

  /** True when media really pass: a picture is published and its connection stands. */
  async enter(token: string, policy: RTCIceTransportPolicy): Promise<boolean> {
    this.leave()
    if (this.#signal.aborted) return false
    const room = new Room(signallingUrl(), SILENT, policy === 'relay')
    this.#room = room
    try {
      await within(PATIENCE, room.join(token))
      this.#picture = movingPicture()
      const { bitrate: maxBitrate, framesPerSecond: maxFramerate } = PICTURE
      await within(
        PATIENCE,
        room.publish(this.#picture, { source: 'camera', layers: [{ maxBitrate, maxFramerate }] }),
      )
      return true
    } catch {
      return false
    }
  }

  /** Asks the SFU to take us back over TCP alone; true when that came about. */
  async forceTcp(token: string): Promise<boolean> {
    this.#room?.forceTcp()
    return (await this.enter(token, 'all')) && (await this.account()).way === 'tcp'
  }

  /** Which way the picture takes, and what is lost on it. */
  async account(): Promise<Account> {
    const startedAt = performance.now()
    let latest: Account = { way: null, relay: null, lossShare: null, roundTripMs: null }
    let firstAt: number | null = null
    while (!this.#signal.aborted) {
      const report = await this.#report()
      latest = report === null ? latest : accountOf(report, latest)
      const now = performance.now()
      if (latest.lossShare !== null) firstAt ??= now
      if (firstAt === null ? now - startedAt > FIRST_ACCOUNT : now - firstAt > COUNTING) break
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    return latest
  }

  /** How the relay in use is reached; null when the browser does not say. */
  async relay(): Promise<RelayTransport | null> {
    const report = await this.#report()
    return report === null ? null : relayOf(localCandidate(statsOf(report)))
  }

  async #report(): Promise<RTCStatsReport | null> {
    return (await this.#room?.published[0]?.sender.getStats().catch(() => null)) ?? null
  }

  leave(): void {
    this.#picture?.stop()
    this.#picture = null
    this.#room?.leave()
    this.#room = null
  }
}

interface Stat {
  readonly id: string
  readonly type: string
  readonly selectedCandidatePairId?: string
  readonly nominated?: boolean
  readonly state?: string
  readonly localCandidateId?: string
  readonly candidateType?: string
  readonly protocol?: string
  /** Of a relay only: how it is reached, while `protocol` says what comes out of it. */
  readonly relayProtocol?: string
  readonly fractionLost?: number
  readonly packetsLost?: number
  readonly packetsSent?: number
  readonly retransmittedPacketsSent?: number
  readonly roundTripTime?: number
}

type Report = ReadonlyMap<string, Stat> | RTCStatsReport

function statsOf(report: Report): readonly Stat[] {
  const stats: Stat[] = []
  report.forEach((stat: Stat) => stats.push(stat))
  return stats
}

/** This side of the pair in use. */
function localCandidate(stats: readonly Stat[]): Stat | undefined {
  const of = (type: string) => stats.find((stat) => stat.type === type)
  const pairId = of('transport')?.selectedCandidatePairId
  // Firefox, and others for a while, have no account of the transport: the pair that was agreed on says the same.
  const agreed = (stat: Stat) =>
    stat.type === 'candidate-pair' && stat.nominated === true && stat.state === 'succeeded'
  const pair = stats.find(({ id }) => id === pairId) ?? stats.find(agreed)
  return stats.find(({ id }) => id === pair?.localCandidateId)
}

function relayOf(local: Stat | undefined): RelayTransport | null {
  if (local?.candidateType !== 'relay') return null
  return RELAY_TRANSPORTS.find((one) => one === local.relayProtocol) ?? null
}

/**
 * The share that the line lost; null while the other side has not spoken. What was sent again in time no longer counts
 * as lost over there, but the line did lose it.
 */
function lossOf(sent: Stat | undefined, told: Stat | undefined): number | null {
  const again = sent?.retransmittedPacketsSent ?? 0
  const first = (sent?.packetsSent ?? 0) - again
  if (told?.packetsLost === undefined || first <= 0) return null
  return Math.min(1, Math.max(0, told.packetsLost, again) / first)
}

/** Reads WebRTC's own account of a sender: the pair in use, and what the other side says of what it received. */
export function accountOf(report: Report, before: Account): Account {
  const stats = statsOf(report)
  const of = (type: string) => stats.find((stat) => stat.type === type)
  const local = localCandidate(stats)
  const told = of('remote-inbound-rtp')
  const lossShare = lossOf(of('outbound-rtp'), told)
  const way =
    local === undefined
      ? before.way
      : local.candidateType === 'relay'
        ? 'turn'
        : local.protocol === 'tcp'
          ? 'tcp'
          : 'udp'
  return {
    way,
    relay: local === undefined ? before.relay : relayOf(local),
    lossShare: lossShare ?? before.lossShare,
    roundTripMs:
      told?.roundTripTime === undefined ? before.roundTripMs : Math.round(told.roundTripTime * 1000),
  }
}

/** A drawing that never stands still; nothing of the person is in it. */
function movingPicture(): MediaStreamTrack {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width: PICTURE.width, height: PICTURE.height })
  const context = canvas.getContext('2d')
  const [track] = canvas.captureStream(PICTURE.framesPerSecond).getVideoTracks()
  if (context === null || track === undefined) throw new Error('no canvas')
  let turn = 0
  const timer = setInterval(() => {
    if (track.readyState === 'ended') return clearInterval(timer)
    turn += 1
    for (let x = 0; x < PICTURE.width; x += 20) {
      context.fillStyle = `hsl(${(x * 7 + turn * 23) % 360} 60% ${30 + ((x + turn * 11) % 40)}%)`
      context.fillRect(x, (turn * 7 + x) % PICTURE.height, 20, PICTURE.height / 2)
    }
  }, 1000 / PICTURE.framesPerSecond)
  return track
}
