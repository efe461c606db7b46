import type { TicketSource } from '#lib/platform/liveRoom.ts'
import {
  microphoneIsGranted,
  openMicrophone,
  openSpeaker,
  type MicrophoneRefusal,
  type Speaker,
} from '#lib/platform/voice.ts'

/** `off`: the microphone was not asked for yet. `muted` and `live`: talking takes one key. */
export type VoiceState = 'off' | 'joining' | 'muted' | 'live' | MicrophoneRefusal

/**
 * The proctor's voice [SUP-05]: while a candidate is open, a second, visible identity stands in their room, muted; talking
 * opens it and nothing else. The browser is asked for the microphone by a click only, never by opening a candidate.
 */
export class Voice {
  #ticket: (attempt: string) => ReturnType<TicketSource>
  #microphone = $state.raw<MediaStreamTrack | null>(null)
  #refusal = $state<MicrophoneRefusal | null>(null)
  #speaker = $state.raw<Speaker | null>(null)
  #attempt: string | null = null
  #talking = false
  #enabling: Promise<void> | null = null
  #closed = false

  constructor(ticket: (attempt: string) => ReturnType<TicketSource>) {
    this.#ticket = ticket
  }

  get state(): VoiceState {
    if (this.#refusal) return this.#refusal
    if (!this.#microphone) return 'off'
    if (!this.#speaker?.ready) return 'joining'
    return this.#speaker.audible ? 'live' : 'muted'
  }

  /** A candidate is open: joins their room, muted, when there is a microphone. Gives the way to leave. */
  follow(attempt: string): () => void {
    this.#attempt = attempt
    if (this.#microphone) this.#join()
    else
      void microphoneIsGranted().then((granted) => {
        if (granted && this.#attempt === attempt) void this.enable()
      })
    return () => {
      if (this.#attempt !== attempt) return
      this.#attempt = null
      this.#leave()
    }
  }

  /** Asks for the microphone; call it from a click. Asked twice at once, one is opened. */
  enable(): Promise<void> {
    this.#enabling ??= this.#open().finally(() => (this.#enabling = null))
    return this.#enabling
  }

  async #open(): Promise<void> {
    if (this.#microphone?.readyState === 'live') return
    const opened = await openMicrophone()
    if (this.#closed && typeof opened !== 'string') return opened.stop()
    if (typeof opened === 'string') {
      this.#refusal = opened
      return
    }
    this.#refusal = null
    this.#microphone = opened
    opened.addEventListener('ended', () => {
      this.#leave()
      this.#microphone = null
    })
    this.#join()
  }

  talk(on: boolean): void {
    this.#talking = on
    this.#speaker?.talk(on)
  }

  get talking(): boolean {
    return this.#talking
  }

  close(): void {
    this.#closed = true
    this.#attempt = null
    this.#leave()
    this.#microphone?.stop()
    this.#microphone = null
  }

  #join(): void {
    this.#speaker?.close()
    this.#speaker = null
    const attempt = this.#attempt
    if (attempt === null || !this.#microphone) return
    this.#speaker = openSpeaker(() => this.#ticket(attempt), this.#microphone)
    // Whoever holds the key since before is heard from the first moment on.
    this.#speaker.talk(this.#talking)
  }

  /** Whoever is left hears nothing more. */
  #leave(): void {
    this.#talking = false
    this.#speaker?.close()
    this.#speaker = null
  }
}
