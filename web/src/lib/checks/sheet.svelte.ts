import { type BandwidthLive, bandwidthProbe } from '@vigie/checks/probes/bandwidth'
import { type CameraLive, cameraProbe } from '@vigie/checks/probes/camera'
import { conditionsProbe } from '@vigie/checks/probes/conditions'
import { connectionProbe } from '@vigie/checks/probes/connection'
import type { DeviceChoice, Devices, Pace, TrialLive } from '@vigie/checks/probes/devices'
import {
  type LoudspeakerLive,
  type LoudspeakerProbe,
  loudspeakerProbe,
} from '@vigie/checks/probes/loudspeaker'
import { type MicrophoneLive, microphoneProbe } from '@vigie/checks/probes/microphone'
import { platformProbe } from '@vigie/checks/probes/platform'
import type { Probe, StreamProbe } from '@vigie/checks/probes/probe'
import { recordingProbe } from '@vigie/checks/probes/recording'
import { screensProbe } from '@vigie/checks/probes/screens'
import { type ShareLive, shareProbe } from '@vigie/checks/probes/share'
import {
  CHECK_ITEMS,
  type CheckItem,
  type Measurements,
  NO_MEASUREMENTS,
} from '@vigie/checks/verdict/measurements'
import type { EquipmentPolicy } from '@vigie/checks/verdict/policy'
import { judgeEquipment, mustBeRepeated } from '@vigie/checks/verdict/verdict'
import type { CertificationId } from '@vigie/exam-engine/attempt/ids'
import type { ApiClient } from '#lib/platform/http.ts'
import { toProblem, type Problem } from '#lib/platform/problem.ts'
import { ReportFiling } from './reportFiling.svelte.ts'
import { type ChosenKind, rememberDevice, rememberedDevice } from './remembered.ts'

export type CheckPolicy = Awaited<ReturnType<ApiClient['checks']['policy']>>

/** What the exam goes on with. A stream whose line is not compulsory may be missing. */
export interface CheckStreams {
  readonly camera: MediaStream | null
  readonly microphone: MediaStream | null
  readonly screen: MediaStream | null
}

export interface SheetOptions {
  readonly api: ApiClient
  readonly devices: Devices
  readonly certification?: CertificationId | undefined
  /** True when somebody goes on with the streams; otherwise devices are released once everything is measured. */
  readonly keepsStreams: boolean
}

/** A moment of the transfers, for the drawing. */
export type BandwidthPoint = BandwidthLive & { readonly at: number }

type Stoppable = { readonly stop: () => void }
type StreamItem = 'camera' | 'microphone' | 'share'
type StreamProbes = {
  camera?: StreamProbe<CameraLive<MediaStream>, unknown, MediaStream>
  microphone?: StreamProbe<MicrophoneLive<MediaStream>, unknown, MediaStream>
  share?: StreamProbe<ShareLive<MediaStream>, unknown, MediaStream>
}

/** What is measured without anybody's click, in this order; listening and sharing wait for their buttons. */
const WALK = [
  'system',
  'screens',
  'conditions',
  'camera',
  'microphone',
  'bandwidth',
  'connection',
  'recording',
] as const

/** How long frames are counted where an earlier check still stands. */
const QUICK_LOOK_MS = 1500

/**
 * One walk through the equipment check: which line is measured, what it shows, what came out, and the report the
 * server made of it. Verdicts shown here are the same code as the server's, which alone decide [CHK-11].
 */
export class CheckSheet {
  /** What the machine is measured against; null until the server has said so. */
  policy = $state.raw<CheckPolicy | null>(null)
  measurements = $state.raw<Measurements>(NO_MEASUREMENTS)
  /** Lines being measured now. */
  running = $state.raw<ReadonlySet<CheckItem>>(new Set())
  started = $state(false)
  /** Why the policy could not be read. */
  problem = $state.raw<Problem | null>(null)
  released = $state(false)

  camera = $state.raw<CameraLive<MediaStream> | null>(null)
  microphone = $state.raw<MicrophoneLive<MediaStream> | null>(null)
  bandwidth = $state.raw<readonly BandwidthPoint[]>([])
  connection = $state.raw<TrialLive | null>(null)
  /** Share of the trial recording that is encoded, 0 to 1. */
  recording = $state(0)
  loudspeaker = $state.raw<LoudspeakerLive | null>(null)
  cameras = $state.raw<readonly DeviceChoice[]>([])
  microphones = $state.raw<readonly DeviceChoice[]>([])

  readonly reports: ReportFiling
  readonly #options: SheetOptions
  /** Whose requirements were asked for; the server knows whose apply without. */
  #certification: CertificationId | undefined
  readonly #probes: StreamProbes = {}
  /** Every probe of the walk, so that leaving the page stops whatever is under way. */
  readonly #current = new Map<CheckItem, Stoppable>()
  #listening: LoudspeakerProbe | null = null
  /** The line was measured once, hence the site waited for: who measures it again has not to wait [CHK-01]. */
  #siteAwaited = false
  #stopped = false

  constructor(options: SheetOptions) {
    this.#options = options
    this.#certification = options.certification
    this.reports = new ReportFiling(
      (measurements) => options.api.checks.fileReport({ measurements, ...this.#judgedBy() }),
      () => (this.complete ? this.measurements : null),
    )
  }

  readonly verdicts = $derived(this.policy && judgeEquipment(this.measurements, this.policy.policy))
  /** An earlier check that still stands is only confirmed, in less than 20 s [CHK-01]. */
  readonly pace = $derived<Pace>(this.policy?.passUntil ? 'quick' : 'whole')
  /** Lines that have an answer, whatever it is. */
  readonly measuredCount = $derived(
    CHECK_ITEMS.filter((item) => this.measurements[item] !== null && !this.running.has(item)).length,
  )
  /** Nothing is under way and every line has been walked. */
  readonly complete = $derived(this.running.size === 0 && this.measuredCount === CHECK_ITEMS.length)

  #judgedBy() {
    return this.#certification === undefined ? {} : { certification: this.#certification }
  }

  /** Asks the server which policy judges. Call once, again after a failure, and with another exam before the start. */
  async load(certification = this.#certification): Promise<void> {
    this.problem = null
    this.#certification = certification
    try {
      this.policy = await this.#options.api.checks.policy(this.#judgedBy())
    } catch (error) {
      this.problem = toProblem(error)
    }
  }

  /** Walks through everything that needs no further click. */
  async start(): Promise<void> {
    if (this.started) return
    this.started = true
    for (const item of WALK) {
      if (this.#stopped) return
      // A line the person has walked by themself in the meantime is not walked twice.
      if (this.measurements[item] === null && !this.running.has(item)) await this.measure(item)
    }
  }

  /** Measures one line, again if need be [CHK-01]. Sharing must be called from the click itself. */
  async measure(item: CheckItem): Promise<void> {
    const { policy } = this
    if (policy === null || this.#stopped) return
    this.#current.get(item)?.stop()
    this.released = false
    this.#set(twin(item), null, true)
    await this.#walk(item, policy.policy)
    if (this.complete) await this.conclude()
  }

  /** Opens another camera or microphone and remembers it for the exam. */
  async choose(kind: ChosenKind, deviceId: string): Promise<void> {
    rememberDevice(kind, deviceId)
    await this.measure(kind)
  }

  /** Plays the digits of the probe that is waiting for its answer once more. */
  listenAgain(): void {
    this.#listening?.repeat()
  }

  answerDigits(typed: string): void {
    this.#listening?.answer(typed)
  }

  /** The person does not listen, and writes with the proctor instead [CHK-05]. */
  async writeInstead(): Promise<void> {
    if (!this.running.has('loudspeaker')) void this.measure('loudspeaker')
    this.#listening?.write()
  }

  /**
   * Everything is measured: the server judges. Where nobody goes on from here, the light of the camera goes out, whatever
   * came out. Call again after a failure.
   */
  async conclude(): Promise<void> {
    const { verdicts } = this
    const unmeasured = verdicts?.items.some((line) => line.duty === 'compulsory' && mustBeRepeated(line))
    if (this.#stopped || unmeasured !== false) return
    await this.reports.file()
    if (this.#options.keepsStreams || this.reports.report === null) return
    this.released = true
    this.camera = null
    for (const item of ['camera', 'microphone', 'share'] as const) this.#probes[item]?.stop()
  }

  /** Hands the streams over; they are the caller's to close from now on. */
  takeStreams(): CheckStreams {
    const { camera, microphone, share } = this.#probes
    return {
      camera: camera?.keep() ?? null,
      microphone: microphone?.keep() ?? null,
      screen: share?.keep() ?? null,
    }
  }

  /** Ends everything and releases every device that was not handed over. */
  stop(): void {
    this.#stopped = true
    for (const probe of this.#current.values()) probe.stop()
  }

  async #walk(item: CheckItem, policy: EquipmentPolicy): Promise<void> {
    const { devices } = this.#options
    switch (item) {
      case 'system':
      case 'browser':
        return this.#run(['system', 'browser'], platformProbe(devices), (measured) => measured ?? {})
      case 'screens':
        return this.#run([item], screensProbe(devices), (screens) => ({ screens }))
      case 'camera':
        return this.#walkCamera()
      case 'microphone':
        return this.#walkMicrophone(policy)
      case 'bandwidth': {
        this.bandwidth = []
        const probe = bandwidthProbe(devices, this.pace, this.#siteAwaited)
        probe.onValue((live) => this.#draw({ ...live, at: devices.now() }))
        return this.#run([item], probe, (bandwidth) => {
          this.#siteAwaited = true
          return { bandwidth }
        })
      }
      case 'conditions':
        return this.#run([item], conditionsProbe(devices), (conditions) => ({ conditions }))
      case 'connection': {
        const probe = connectionProbe(devices, this.pace)
        this.connection = null
        probe.onValue((live) => (this.connection = live))
        return this.#run([item], probe, (connection) => ({ connection }))
      }
      case 'loudspeaker': {
        const probe = loudspeakerProbe(devices)
        this.#listening = probe
        this.loudspeaker = null
        probe.onValue((live) => (this.loudspeaker = live))
        return this.#run([item], probe, (loudspeaker) => ({ loudspeaker }))
      }
      case 'recording': {
        const probe = recordingProbe(devices)
        this.recording = 0
        probe.onValue(({ progress }) => (this.recording = progress))
        return this.#run([item], probe, (recording) => ({ recording }))
      }
      case 'share': {
        const probe = shareProbe(devices)
        this.#probes.share = probe
        probe.onValue(({ stream }) => this.#watch('share', probe, stream))
        return this.#run([item], probe, (share) => ({ share }))
      }
    }
  }

  async #walkCamera(): Promise<void> {
    const { devices } = this.#options
    const probe = cameraProbe(devices, {
      deviceId: rememberedDevice('camera'),
      ...(this.pace === 'quick' ? { observeMs: QUICK_LOOK_MS } : {}),
    })
    this.#probes.camera = probe
    this.camera = null
    probe.onValue((live) => {
      if (this.camera === null) this.#watch('camera', probe, live.stream)
      this.camera = live
    })
    await this.#run(['camera'], probe, (camera) => ({ camera }))
    if (this.#probes.camera !== probe) return
    if (this.measurements.camera?.outcome === 'failed') this.camera = null
    this.cameras = await devices.listCameras()
  }

  async #walkMicrophone({ microphone: asked }: EquipmentPolicy): Promise<void> {
    const { devices } = this.#options
    const enough = { speechDbfs: asked.minSpeechDbfs, overNoiseDb: asked.minOverNoiseDb }
    const probe = microphoneProbe(devices, { deviceId: rememberedDevice('microphone'), enough })
    this.#probes.microphone = probe
    this.microphone = null
    probe.onValue((live) => {
      if (this.microphone === null) this.#watch('microphone', probe, live.stream)
      this.microphone = live
    })
    await this.#run(['microphone'], probe, (microphone) => ({ microphone }))
    if (this.#probes.microphone !== probe) return
    if (this.measurements.microphone?.outcome === 'failed') this.microphone = null
    this.microphones = await devices.listMicrophones()
  }

  /** Runs a probe and writes what came out, unless the line is being measured anew by then. */
  async #run<Live, Measurement>(
    items: readonly CheckItem[],
    probe: Probe<Live, Measurement>,
    write: (measured: Measurement) => Partial<Measurements>,
  ): Promise<void> {
    for (const item of items) this.#current.set(item, probe)
    probe.start()
    const measured = await probe.result
    if (!this.#stopped && items.every((item) => this.#current.get(item) === probe)) {
      this.#set(items, write(measured), false)
    }
  }

  /** One more point of the drawing; the eye cannot follow more than some twenty a second. */
  #draw(point: BandwidthPoint): void {
    const last = this.bandwidth.at(-1)
    if (last?.stage === point.stage && point.at - last.at < 50 && point.progress < 1) return
    this.bandwidth = [...this.bandwidth, point]
  }

  /** Writes lines of the sheet: what came out, or that they are being measured. */
  #set(items: readonly CheckItem[], measured: Partial<Measurements> | null, running: boolean): void {
    this.reports.forget()
    const nothing = Object.fromEntries(items.map((item) => [item, null]))
    this.measurements = { ...this.measurements, ...nothing, ...measured }
    const others = [...this.running].filter((item) => !items.includes(item))
    this.running = new Set(running ? [...others, ...items] : others)
  }

  /** A device that goes away after it was measured makes its line fail, until it is measured again [CHK-04]. */
  #watch(item: StreamItem, probe: Stoppable, stream: MediaStream): void {
    for (const track of stream.getTracks()) {
      track.addEventListener('ended', () => {
        // While it is measured the probe says so itself; once released or replaced it is nobody's loss.
        if (this.#probes[item] !== probe || this.running.has(item) || this.#stopped || this.released) return
        if (item === 'camera') this.camera = null
        this.#set([item], { [item]: { outcome: 'failed', failure: 'unplugged' } }, false)
        if (this.complete) void this.conclude()
      })
    }
  }
}

/** System and browser are told by one and the same probe. */
const twin = (item: CheckItem): readonly CheckItem[] =>
  item === 'system' || item === 'browser' ? ['system', 'browser'] : [item]
