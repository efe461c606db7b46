import { deviceFailureOf } from '@vigie/checks/probes/browser/failures'
import { openScreen } from '@vigie/checks/probes/browser/screen'
import { closeStream } from '@vigie/checks/probes/browser/tracks'
import type { DeviceFailure } from '@vigie/checks/verdict/measurements'
import { MEDIA_TRACKS, type MediaTrack } from '@vigie/exam-engine/attempt/state'
import type { LOST_CAUSES } from '@vigie/exam-engine/supervision/signals'
import { rememberedUplink } from '#lib/evidence/uplink.ts'
import type { RoomState, TicketSource } from '#lib/platform/liveRoom.ts'
import { openPublisher, type Publisher, type Sending } from '#lib/platform/publisher.ts'
import type { Ear } from '#lib/platform/voice.ts'
import { openDevices } from './openDevices.ts'

/** Why something is not shared; `wrong-surface`: a window or a tab was chosen instead of the whole screen [CHK-08]. */
export interface ShareTrouble {
  readonly device: 'camera' | 'screen'
  readonly failure: DeviceFailure | 'wrong-surface'
}

/** Why a track is no longer there, as this page sees it [ROOM-03]. */
export type LossCause = (typeof LOST_CAUSES)[number]

/** A track may be silent this long while a device changes; longer is a loss, in milliseconds. */
const SILENT_AFTER = 1_000
/** How often the shared surface is looked at: some browsers let another one be chosen in mid-course. */
const LOOK_EVERY = 1_000

const NOT_SENDING: Sending = { joined: false, loss: null, roundTrip: null, frames: null }

type Tracks = Readonly<Record<MediaTrack, MediaStreamTrack | null>>
const NOTHING: Tracks = { camera: null, microphone: null, screen: null }

/**
 * Camera, microphone and screen of this page [IDN-07]: opened once, watched until they end, and published into the room
 * whenever there is one.
 */
export class Sharing {
  tracks = $state.raw<Tracks>(NOTHING)
  trouble = $state.raw<ShareTrouble | null>(null)
  /** Open, and for more than a moment without anything in it: a covered lens switch, a microphone switched off. */
  #silent = $state.raw<ReadonlySet<MediaTrack>>(new Set())
  readonly #causes = new Map<MediaTrack, LossCause>()
  #resting = false
  #publisher = $state.raw<Publisher | null>(null)
  readonly #onchange: (tracks: Tracks) => void

  /** `onchange` hears each time something is opened or has ended. */
  constructor(onchange: (tracks: Tracks) => void) {
    this.#onchange = onchange
  }

  /** What is not there, in the order of the domain. */
  get missing(): readonly MediaTrack[] {
    return MEDIA_TRACKS.filter((track) => this.tracks[track] === null || this.#silent.has(track))
  }

  /** Why a missing track is missing. */
  causeOf(track: MediaTrack): LossCause {
    return this.#silent.has(track) ? 'muted' : (this.#causes.get(track) ?? 'ended')
  }

  /** Whether frames leave for the proctor; null before the room was asked for. */
  get room(): RoomState | null {
    return this.#publisher?.state ?? null
  }

  /** The way the proctor's voice comes in; null before the room was asked for [SUP-05]. */
  get ear(): Ear | null {
    return this.#publisher?.ear ?? null
  }

  /** Camera with sound, as one stream for a preview or the recorder; null while either is missing. */
  get cameraStream(): MediaStream | null {
    const { camera, microphone } = this.tracks
    return camera && microphone ? new MediaStream([camera, microphone]) : null
  }

  get screenStream(): MediaStream | null {
    return this.tracks.screen && new MediaStream([this.tracks.screen])
  }

  /** Takes over what was opened elsewhere on this page (the equipment check), so that nobody is asked twice. */
  adopt(streams: {
    camera?: MediaStream | null
    microphone?: MediaStream | null
    screen?: MediaStream | null
  }): void {
    const { camera, microphone, screen } = streams
    this.#take('camera', camera?.getVideoTracks()[0])
    this.#take('microphone', microphone?.getAudioTracks()[0])
    this.#take('screen', screen?.getVideoTracks()[0])
  }

  /** Opens camera and microphone where they are missing. False leaves `trouble`. */
  async openCamera(): Promise<boolean> {
    this.#dropSilent()
    if (this.tracks.camera && this.tracks.microphone) return true
    try {
      const { camera, microphone } = this.tracks
      const stream = await openDevices({ camera: !camera, microphone: !microphone })
      this.trouble = null
      this.adopt({ camera: stream, microphone: stream })
      return true
    } catch (error) {
      this.trouble = { device: 'camera', failure: deviceFailureOf(error) }
      return false
    }
  }

  /** Asks for the whole screen; call it from a click. Anything less is closed again and named in `trouble`. */
  async openScreen(anew = false): Promise<boolean> {
    if (this.tracks.screen && !anew) return true
    const answer = await openScreen()
    if (!answer.ok) {
      this.trouble = { device: 'screen', failure: answer.refusal }
      return false
    }
    const { stream, surface } = answer.value
    if (surface !== 'monitor') {
      closeStream(stream)
      this.trouble = { device: 'screen', failure: 'wrong-surface' }
      return false
    }
    this.trouble = null
    this.adopt({ screen: stream })
    return this.tracks.screen !== null
  }

  /** Everything that is missing, by one click: the screen first, because its question needs the click [ROOM-03]. */
  async openAll(): Promise<boolean> {
    return (await this.openScreen()) && (await this.openCamera())
  }

  /** The screen anew, as the proctor asks: the one shared now is kept until another one is there. */
  reopenScreen(): Promise<boolean> {
    return this.openScreen(true)
  }

  /** Camera and screen send nothing into the room, or send again [ROOM-02]. */
  rest(resting: boolean): void {
    this.#resting = resting
    this.#publisher?.rest(resting)
  }

  /** The room says it lacks these although they are open here. */
  republish(tracks: readonly MediaTrack[]): void {
    const open = tracks.filter((track) => !this.missing.includes(track))
    if (open.length > 0) this.#publisher?.republish(open)
  }

  async measure(): Promise<Sending> {
    return (await this.#publisher?.measure().catch(() => NOT_SENDING)) ?? NOT_SENDING
  }

  /** Publishes into the attempt's room from now on, until `stop`. */
  publish(ticket: TicketSource): void {
    if (!this.#publisher) {
      this.#publisher = openPublisher(ticket, rememberedUplink())
      this.#publisher.rest(this.#resting)
    }
    for (const source of MEDIA_TRACKS) this.#publisher.share(source, this.tracks[source])
  }

  /** Leaves the room; the devices stay open for the recorder to end with. */
  unpublish(): void {
    this.#publisher?.close()
    this.#publisher = null
  }

  /** Gives every device back. */
  stop(): void {
    this.unpublish()
    for (const track of Object.values(this.tracks)) track?.stop()
    this.tracks = NOTHING
  }

  #take(source: MediaTrack, track: MediaStreamTrack | undefined): void {
    const before = this.tracks[source]
    if (!track || track.readyState !== 'live' || before === track) return
    before?.stop()
    this.#watch(source, track)
    this.#setSilent(source, false)
    this.#set(source, track)
  }

  /** Hears when a track ends, falls silent, or shows something else than it was opened for [ROOM-03]. */
  #watch(source: MediaTrack, track: MediaStreamTrack): void {
    const isOurs = () => this.tracks[source] === track
    const lose = (cause: LossCause) => {
      if (!isOurs()) return
      this.#causes.set(source, cause)
      this.#setSilent(source, false)
      this.#set(source, null)
      track.stop()
    }
    track.addEventListener('ended', () => lose('ended'))
    if (source !== 'screen') {
      track.addEventListener('mute', () =>
        setTimeout(() => isOurs() && track.muted && this.#changeSilent(source, true), SILENT_AFTER),
      )
      track.addEventListener('unmute', () => isOurs() && this.#changeSilent(source, false))
      return
    }
    // A screen where nothing moves may count as muted: silence says nothing there, the surface does.
    const timer = setInterval(() => {
      if (!isOurs() || track.readyState === 'ended') return clearInterval(timer)
      const { displaySurface } = track.getSettings()
      if (displaySurface !== undefined && displaySurface !== 'monitor') {
        this.trouble = { device: 'screen', failure: 'wrong-surface' }
        lose('wrong-surface')
      }
    }, LOOK_EVERY)
  }

  #changeSilent(source: MediaTrack, silent: boolean): void {
    if (this.#silent.has(source) === silent) return
    this.#setSilent(source, silent)
    this.#onchange(this.tracks)
  }

  #setSilent(source: MediaTrack, silent: boolean): void {
    if (this.#silent.has(source) === silent) return
    this.#silent = new Set(
      silent ? [...this.#silent, source] : [...this.#silent].filter((one) => one !== source),
    )
  }

  /** What is open and silent is opened anew by « Reprendre ». */
  #dropSilent(): void {
    for (const source of this.#silent) {
      this.tracks[source]?.stop()
      this.#setSilent(source, false)
      this.#set(source, null)
    }
  }

  #set(source: MediaTrack, track: MediaStreamTrack | null): void {
    this.tracks = { ...this.tracks, [source]: track }
    this.#publisher?.share(source, track)
    this.#onchange(this.tracks)
  }
}
