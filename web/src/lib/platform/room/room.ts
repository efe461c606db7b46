import { within } from '../patience.ts'
import {
  encodingsOf,
  LocalTrack,
  prefer,
  videoLayersOf,
  watchedLayers,
  type Publishing,
} from './localTrack.ts'
import {
  AUDIO,
  FORCE_TCP,
  PUBLISHER,
  QUALITY,
  RESUME,
  VIDEO,
  type Joined,
  type Request,
  type Response,
  type Resumed,
  type SubscribedQualities,
  type TrackInfo,
  type SessionDescription,
} from './messages.ts'
import { Participants, SOURCE_NUMBER, type RemoteTrack } from './participants.ts'
import { openSignalling, type Signalling } from './signalling.ts'
import { configurationOf, Publisher, Subscriber } from './transport.ts'
import { Wants, type Quality } from './wants.ts'

export interface RoomHooks {
  /** Somebody came or went; something is published, arrives, is muted, is louder. */
  readonly changed: () => void
  /** The way is cut: the room goes on trying to mend it. */
  readonly mending: () => void
  readonly mended: () => void
}

/** All pictures leave in it: every browser decodes it, and any layer can be forwarded. */
const CODEC = 'vp8'
/** Milliseconds until a room that lets nobody in, a track that nobody answers, a mended way that leads nowhere count as failed. */
const JOIN_PATIENCE = 15_000
const PUBLISH_PATIENCE = 15_000
const RESUME_PATIENCE = 6_000
/** Waits before each try to go on with a stay that was cut: these whatever has become of the media. */
const MENDING = [0, 300, 1_200, 2_500]
/** While media still pass, a restarting server is waited for: so often, so long each time. */
const PATIENT_TRIES = 12
const PATIENT_WAIT = 5_000

type Stage = 'joining' | 'joined' | 'mending' | 'over'

/**
 * One stay in a LiveKit room, by its own protocol (decision 14): joins, publishes, subscribes, and mends short cuts. A stay
 * that is lost stays lost: whoever wants to go on joins anew, with a fresh ticket.
 */
export class Room {
  readonly participants = new Participants()
  /** Resolves when the stay is over, whoever ended it. */
  readonly over: Promise<void>
  readonly #url: string
  readonly #hooks: RoomHooks
  readonly #relayOnly: boolean
  readonly #ended = new AbortController()
  #stage: Stage = 'joining'
  #token = ''
  #me = ''
  #signalling: Signalling | null = null
  #config: RTCConfiguration = {}
  readonly #wires = {
    send: (request: Request) => this.#send(request),
    onchange: () => this.#look(),
    onbroken: () => this.#cut(),
  }
  /** There once something is published: who only watches needs none. */
  #publisher: Publisher | null = null
  #subscriber: Subscriber | null = null
  #subscriberFirst = true
  #keepAlive: readonly [interval: number, patience: number] = [0, 0]
  readonly #local = new Set<LocalTrack>()
  /** Those who wait for the SFU's word on what they publish, by the track's own id. */
  readonly #publishing = new Map<string, PromiseWithResolvers<TrackInfo>>()
  readonly #watched = new Map<string, SubscribedQualities>()
  readonly #wants = new Wants(
    (track, quality) => this.#tellWanted(track, quality),
    () => this.#hooks.changed(),
  )
  readonly #waiting = new Set<() => void>()

  /** @param relayOnly media may pass through the relay and nowhere else */
  constructor(url: string, hooks: RoomHooks, relayOnly = false) {
    this.#url = url
    this.#hooks = hooks
    this.#relayOnly = relayOnly
    const { signal } = this.#ended
    this.over = new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
    // Whoever closes the page is gone at once, not when the SFU misses them.
    addEventListener('pagehide', () => this.leave(), { signal })
  }

  /** Media pass, in whichever direction there are any; also while the SFU cannot be spoken to. */
  get flows(): boolean {
    const out = this.#publisher === null || this.#publisher.connected
    return out && (this.#subscriber?.connected || !this.#subscriberFirst)
  }

  /** Resolves when media can pass. */
  async join(token: string): Promise<void> {
    this.#token = token
    try {
      await within(JOIN_PATIENCE, this.#enter(), this.over)
      if (this.#stage !== 'joining') throw new Error('the stay ended before it began')
      this.#stage = 'joined'
    } catch (error) {
      this.#end()
      throw error
    }
  }

  /** Resolves when the SFU knows it and media pass. */
  async publish(media: MediaStreamTrack, publishing: Publishing): Promise<LocalTrack> {
    if (this.#stage !== 'joined') throw new Error('not in the room')
    const publisher = (this.#publisher ??= new Publisher(this.#config, this.#wires))
    if (publishing.floorKbps) publisher.floorKbps = publishing.floorKbps
    const video = media.kind === 'video'
    const { width = 1_280, height = 720 } = media.getSettings()
    const known = Promise.withResolvers<TrackInfo>()
    this.#publishing.set(media.id, known)
    this.#send({
      add_track: {
        cid: media.id,
        type: video ? VIDEO : AUDIO,
        source: SOURCE_NUMBER[publishing.source],
        muted: publishing.muted,
        // Redundant sound would double its rate for losses that Opus conceals well enough in speech.
        disable_red: true,
        ...(video
          ? {
              width,
              height,
              layers: videoLayersOf(publishing, width, height),
              simulcast_codecs: [{ codec: CODEC, cid: media.id }],
            }
          : {}),
      },
    })
    const transceiver = publisher.peer.addTransceiver(media, {
      direction: 'sendonly',
      streams: [new MediaStream([media])],
      sendEncodings: encodingsOf(publishing),
    })
    if (video) prefer(transceiver, CODEC)
    try {
      const [{ sid }] = await within(
        PUBLISH_PATIENCE,
        Promise.all([known.promise, publisher.negotiate().then(() => this.#connected())]),
        this.over,
      )
      const track = new LocalTrack(sid, publishing, media, transceiver.sender)
      this.#local.add(track)
      const watched = this.#watched.get(sid)
      if (watched) track.watch(watchedLayers(watched, CODEC, publishing.layers.length))
      return track
    } catch (error) {
      this.#withdraw(transceiver.sender)
      throw error
    } finally {
      this.#publishing.delete(media.id)
    }
  }

  /** Takes something of ours away. Its device stays open. */
  unpublish(track: LocalTrack): void {
    if (this.#local.delete(track)) this.#withdraw(track.sender)
  }

  get published(): LocalTrack[] {
    return [...this.#local]
  }

  /** Tells the room that nothing is to be heard of a track, or something again. */
  mute(track: LocalTrack, muted: boolean): void {
    track.muted = muted
    this.#send({ mute: { sid: track.sid, muted } })
  }

  /** Receives a track at a quality, or no longer. */
  want(track: RemoteTrack, quality: Quality): void {
    this.#wants.want(track, quality)
  }

  /** Has the SFU offer this participant no way but TCP, from the next stay on. */
  forceTcp(): void {
    this.#send({ simulate: FORCE_TCP })
  }

  leave(): void {
    this.#send({ leave: {} })
    this.#end()
  }

  #send(request: Request): void {
    this.#signalling?.send(request)
  }

  #tellWanted({ sid, participant }: RemoteTrack, quality: Quality): void {
    const subscribe = quality !== 'off'
    const participant_tracks = [{ participant_sid: participant, track_sids: [sid] }]
    this.#send({ subscription: { track_sids: [sid], subscribe, participant_tracks } })
    if (!subscribe) return
    const disabled = quality === 'paused'
    this.#send({
      track_setting: { track_sids: [sid], disabled, quality: QUALITY[disabled ? 'low' : quality] },
    })
  }

  async #enter(resume?: string): Promise<void> {
    this.#subscriber?.expect()
    await this.#dial(resume)
    await this.#connected()
  }

  /** Resolves with the SFU's first word. */
  #dial(resume?: string): Promise<void> {
    const first = Promise.withResolvers<void>()
    const isOurs = () => this.#signalling === signalling
    const signalling = openSignalling({
      url: this.#url,
      token: this.#token,
      resume,
      onmessage: (response) => {
        if (!isOurs()) return
        this.#take(response)
        first.resolve()
      },
      onclose: () => {
        first.reject(new Error('nobody answers'))
        if (!isOurs()) return
        this.#signalling = null
        this.#cut()
      },
    })
    this.#signalling?.close()
    this.#signalling = signalling
    return first.promise
  }

  #take(said: Response): void {
    if (said.join) this.#joined(said.join)
    if (said.reconnect) this.#resumed(said.reconnect)
    if (said.answer) void this.#answered(said.answer)
    if (said.offer) this.#subscriber?.offered(said.offer)
    if (said.trickle) {
      const { target, candidateInit } = said.trickle
      const transport = target === PUBLISHER ? this.#publisher : this.#subscriber
      transport?.candidate(JSON.parse(candidateInit) as RTCIceCandidateInit)
    }
    if (said.refresh_token) this.#token = said.refresh_token
    if (said.track_published?.track)
      this.#publishing.get(said.track_published.cid)?.resolve(said.track_published.track)
    if (said.request_response && said.request_response.reason !== 0)
      this.#publishing.get(said.request_response.add_track?.cid ?? '')?.reject(new Error('not allowed'))
    if (said.subscribed_quality_update) this.#watch(said.subscribed_quality_update)
    if (said.update) {
      for (const one of said.update.participants) if (one.sid !== this.#me) this.participants.update(one)
      this.#hooks.changed()
    }
    if (said.speakers_changed) {
      this.participants.hear(said.speakers_changed.speakers)
      this.#hooks.changed()
    }
    if (said.leave) {
      if (said.leave.action === RESUME) this.#cut()
      else this.#end()
    }
  }

  #joined(join: Joined): void {
    this.#config = configurationOf(join, this.#relayOnly)
    this.#me = join.participant?.sid ?? ''
    this.#subscriberFirst = join.subscriber_primary
    this.#keepAlive = [join.ping_interval, join.ping_timeout]
    this.#subscriber = new Subscriber(this.#config, this.#wires)
    this.#subscriber.peer.addEventListener('track', ({ track, streams: [stream] }) => {
      this.participants.arrived(stream?.id ?? '', track)
      this.#hooks.changed()
    })
    for (const one of join.other_participants) this.participants.update(one)
    this.#signalling?.keepAlive(...this.#keepAlive)
  }

  /** The SFU knows us still: tells it what we have, and looks for a new way where there was one. */
  #resumed(resumed: Resumed): void {
    this.#config = configurationOf(resumed, this.#relayOnly)
    this.#signalling?.keepAlive(...this.#keepAlive)
    this.#publisher?.peer.setConfiguration(this.#config)
    this.#subscriber?.peer.setConfiguration(this.#config)
    this.#send({
      sync_state: {
        publish_tracks: [...this.#local].map(({ sid, media }) => ({ cid: media.id, track: { sid } })),
      },
    })
    this.#wants.again()
    for (const { sid, muted } of this.#local) this.#send({ mute: { sid, muted } })
    void this.#publisher?.restart().catch(() => {})
  }

  async #answered(answer: SessionDescription): Promise<void> {
    await this.#publisher?.answered(answer)
    for (const track of this.#local) track.settle()
  }

  #watch(update: SubscribedQualities): void {
    this.#watched.set(update.track_sid, update)
    for (const track of this.#local) {
      if (track.sid !== update.track_sid) continue
      track.watch(watchedLayers(update, CODEC, track.sender.getParameters().encodings.length))
    }
  }

  #withdraw(sender: RTCRtpSender): void {
    if (this.#stage === 'over') return
    this.#publisher?.peer.removeTrack(sender)
    void this.#publisher?.negotiate()
  }

  /** Signalling or a connection is gone: a stay that had begun is mended. */
  #cut(): void {
    if (this.#stage === 'joining') this.#end()
    if (this.#stage !== 'joined') return
    this.#stage = 'mending'
    this.#hooks.mending()
    void this.#mend()
  }

  async #mend(): Promise<void> {
    for (let tries = 0; tries < MENDING.length + PATIENT_TRIES; tries += 1) {
      if (tries >= MENDING.length && !this.flows) break
      await this.#pause(MENDING[tries] ?? PATIENT_WAIT)
      // Without a network nobody can be asked; with one again, at once.
      if (!navigator.onLine) await this.#online()
      if (this.#stage !== 'mending') return
      try {
        await within(RESUME_PATIENCE, this.#enter(this.#me), this.over)
        if (this.#stage !== 'mending') return
        this.#stage = 'joined'
        this.#hooks.mended()
        return
      } catch {
        // The next try, or none.
      }
    }
    this.#end()
  }

  #end(): void {
    if (this.#stage === 'over') return
    this.#stage = 'over'
    const signalling = this.#signalling
    this.#signalling = null
    signalling?.close()
    this.#publisher?.close()
    this.#subscriber?.close()
    this.#ended.abort()
    this.#look()
  }

  /** Resolves when the SFU is spoken to and media pass. */
  #connected(): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.#stage === 'over') reject(new Error('the stay is over'))
        else if (this.#signalling === null || !this.flows) return
        else resolve()
        this.#waiting.delete(look)
      }
      this.#waiting.add(look)
      look()
    })
  }

  #look(): void {
    for (const look of [...this.#waiting]) look()
  }

  #pause(milliseconds: number): Promise<void> {
    const waited = new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
    return Promise.race([waited, this.over])
  }

  #online(): Promise<void> {
    const { signal } = this.#ended
    const back = new Promise<void>((resolve) =>
      addEventListener('online', () => resolve(), { once: true, signal }),
    )
    return Promise.race([back, this.over])
  }
}
