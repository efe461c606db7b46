import type { DeviceScript } from './script.ts'

/** What a page with a scripted browser has besides: the script, to be changed at any moment, and every track opened. */
export type ScriptedWindow = Window & {
  scripted: { script: DeviceScript; readonly tracks: readonly MediaStreamTrack[] }
}

/**
 * Makes a real browser answer as a script says, so that the very pages and probes of the product meet devices no test
 * machine has. Runs in the page before anything else of it, hence uses nothing from outside itself: give it to
 * Playwright's `addInitScript`. What a script cannot do (a slow line, blocked UDP) a test does to the network instead.
 */
export function scriptedBrowser(first: DeviceScript): void {
  const tracks: MediaStreamTrack[] = []
  const scripted = { script: first, tracks }
  Object.assign(window, { scripted })
  const now = () => scripted.script

  const define = (target: object, name: string, get: () => unknown) =>
    Object.defineProperty(target, name, { configurable: true, get })

  /** How Chromium words each way in which a device fails. */
  const errors: Record<string, [name: string, message: string]> = {
    refused: ['NotAllowedError', 'Permission denied'],
    dismissed: ['NotAllowedError', 'Permission dismissed'],
    'blocked-by-system': ['NotAllowedError', 'Permission denied by system'],
    busy: ['NotReadableError', 'Could not start video source'],
    absent: ['NotFoundError', 'Requested device not found'],
    unsupported: ['NotSupportedError', 'Not supported'],
    failed: ['AbortError', 'Timeout starting video source'],
  }
  const failure = (code: string) => {
    const [message, name] = errors[code]?.toReversed() ?? [code, 'UnknownError']
    return new DOMException(message, name)
  }

  /** Gives a track the name and the settings of a device, and takes the device away after a while. */
  function disguise(
    track: MediaStreamTrack | undefined,
    told: { label: string; settings: object; unpluggedAfter: number | null; whenOver: () => void },
  ): void {
    if (track === undefined) return
    const settings = track.getSettings.bind(track)
    define(track, 'label', () => told.label)
    track.getSettings = () => ({ ...settings(), ...told.settings })
    const stop = track.stop.bind(track)
    track.stop = () => {
      told.whenOver()
      stop()
    }
    if (told.unpluggedAfter !== null) {
      setTimeout(() => {
        if (track.readyState === 'ended') return
        track.stop()
        track.dispatchEvent(new Event('ended'))
      }, told.unpluggedAfter)
    }
    tracks.push(track)
  }

  /** A picture of one brightness with some noise on it; frozen, it is drawn again and again just the same. */
  function picture(width: number, height: number, draws: { luma: number; living: boolean; rate: number }) {
    const canvas = document.createElement('canvas')
    Object.assign(canvas, { width, height })
    const drawing = canvas.getContext('2d')
    let turn = 0
    const draw = () => {
      if (drawing === null) return
      if (draws.living) turn += 1
      for (let block = 0; block < 64; block += 1) {
        const noise = draws.living ? ((block * 31 + turn * 17) % 7) - 3 : 0
        const grey = Math.max(0, Math.min(255, draws.luma + noise))
        drawing.fillStyle = `rgb(${grey} ${grey} ${grey})`
        const [x, y] = [block % 8, Math.floor(block / 8)]
        drawing.fillRect((x * width) / 8, (y * height) / 8, width / 8, height / 8)
      }
    }
    draw()
    const timer = setInterval(draw, 1000 / draws.rate)
    return { stream: canvas.captureStream(), over: () => clearInterval(timer) }
  }

  function openCamera(): MediaStream {
    const { camera } = now()
    if (typeof camera === 'string') throw failure(camera)
    const { width, height, luma, framesPerSecond: rate } = camera
    const { stream, over } = picture(width, height, { luma, rate, living: camera.picture === 'living' })
    const settings = { deviceId: 'scripted-camera', width, height }
    const { label, unpluggedAfter } = camera
    disguise(stream.getVideoTracks()[0], { label, settings, unpluggedAfter, whenOver: over })
    return stream
  }

  /** A room and a voice in it, each a tone at its level; seven moments of ten are spoken. */
  function openMicrophone(): MediaStream {
    const { microphone } = now()
    if (typeof microphone === 'string') throw failure(microphone)
    const audio = new AudioContext()
    const buffer = audio.createBuffer(1, audio.sampleRate, audio.sampleRate)
    const samples = buffer.getChannelData(0)
    const moment = Math.round(audio.sampleRate * 0.1)
    for (let index = 0; index < samples.length; index += 1) {
      const spoken = microphone.voiceDbfs !== null && Math.floor(index / moment) % 10 >= 3
      const level = 10 ** ((spoken ? microphone.voiceDbfs : microphone.roomDbfs) / 20)
      const clipped = spoken && (index % 100) / 100 < microphone.clipped
      samples[index] = (index % 200 < 100 ? 1 : -1) * (clipped ? 1 : level)
    }
    const source = new AudioBufferSourceNode(audio, { buffer, loop: true })
    const ear = audio.createMediaStreamDestination()
    source.connect(ear)
    source.start()
    void audio.resume()
    const { label, unpluggedAfter } = microphone
    disguise(ear.stream.getAudioTracks()[0], {
      label,
      settings: { deviceId: 'scripted-microphone' },
      unpluggedAfter,
      whenOver: () => void audio.close(),
    })
    return ear.stream
  }

  function openScreen(): MediaStream {
    const { screen: chosen } = now()
    if (typeof chosen === 'string') throw failure(chosen)
    const { stream, over } = picture(1280, 720, { luma: 200, living: false, rate: 5 })
    const settings = { displaySurface: chosen.surface ?? undefined }
    disguise(stream.getVideoTracks()[0], { label: 'screen', settings, unpluggedAfter: null, whenOver: over })
    return stream
  }

  const known = (kind: MediaDeviceKind, device: string | { label: string }) =>
    typeof device === 'string'
      ? []
      : [
          {
            kind,
            deviceId: `scripted-${kind === 'videoinput' ? 'camera' : 'microphone'}`,
            label: device.label,
          },
        ]
  Object.assign(navigator.mediaDevices, {
    getUserMedia: async (wish: MediaStreamConstraints) => (wish.video ? openCamera() : openMicrophone()),
    getDisplayMedia: async () => openScreen(),
    enumerateDevices: async () => [
      ...known('videoinput', now().camera),
      ...known('audioinput', now().microphone),
    ],
  })

  define(screen, 'isExtended', () => now().screens.extended ?? undefined)
  define(screen, 'width', () => now().screens.width)
  define(screen, 'height', () => now().screens.height)
  define(document, 'hidden', () => now().pageHidden)

  define(navigator, 'userAgent', () => now().platform.userAgent)
  define(navigator, 'maxTouchPoints', () => now().platform.maxTouchPoints)
  define(navigator, 'userAgentData', () => {
    const { hints } = now().platform
    return hints === null
      ? undefined
      : { ...hints, getHighEntropyValues: async () => ({ ...hints, fullVersionList: hints.brands }) }
  })

  const { storage } = navigator
  define(navigator, 'storage', () =>
    now().storageRoom === null
      ? undefined
      : {
          persist: () => storage.persist(),
          persisted: () => storage.persisted(),
          getDirectory: () => storage.getDirectory(),
          estimate: async () => ({ quota: now().storageRoom, usage: 0 }),
        },
  )
  // A private window has little room beside its heap; nobody tells it otherwise.
  define(performance, 'memory', () => {
    const { privateWindow, storageRoom } = now()
    return privateWindow === null
      ? undefined
      : { jsHeapSizeLimit: privateWindow ? (storageRoom ?? 0) : (storageRoom ?? 0) / 4 }
  })

  define(navigator, 'getBattery', () => async () => {
    const { battery } = now().surroundings
    if (battery === null) throw new DOMException('not told', 'NotAllowedError')
    return { charging: battery.charging, level: battery.share }
  })
  define(navigator, 'connection', () => ({ type: now().surroundings.network ?? undefined }))
  const parameter = WebGLRenderingContext.prototype.getParameter
  WebGLRenderingContext.prototype.getParameter = function (name: number): unknown {
    const UNMASKED_RENDERER = 0x9246
    const { renderer } = now().surroundings
    const asked = name === UNMASKED_RENDERER || name === this.RENDERER
    return asked && renderer !== null ? renderer : parameter.call(this, name)
  }

  const { now: ownTime } = Date
  Object.assign(Date, { now: () => ownTime() + (now().clockAheadMs ?? 0) })

  /** What is encoded is ready only when the script says: the trial waits for it at the end. */
  const { VideoEncoder: Encoder } = window
  const flush = Encoder.prototype.flush
  Encoder.prototype.flush = async function () {
    await flush.call(this)
    const { encoding } = now()
    if (typeof encoding === 'string') throw new DOMException(encoding, 'EncodingError')
    if (encoding.encodeMs > encoding.mediaMs) await new Promise((go) => setTimeout(go, encoding.encodeMs))
  }
  define(window, 'VideoEncoder', () => (now().encoding === 'unsupported' ? undefined : Encoder))

  const voices = speechSynthesis.getVoices.bind(speechSynthesis)
  const voice = { localService: true, lang: 'fr-FR', name: 'scripted', default: true, voiceURI: 'scripted' }
  speechSynthesis.getVoices = () =>
    now().loudspeaker === 'failed' ? [voice as SpeechSynthesisVoice] : voices()
}
