import { ok, refuse, type Result } from '@vigie/kernel/result'
import type { LoudspeakerProblem } from '../devices.ts'

/** A beep and the silences around it, in seconds. */
const BEEP = 0.16
const BETWEEN_BEEPS = 0.28
const BETWEEN_DIGITS = 0.9
/** Some browsers lose the end of what they say: three slow digits are over long before, in milliseconds. */
const SAID_AFTER = 10_000

/** Digits from 1 to 5: as many beeps can still be counted. */
export function randomDigits(count: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(count))
  return Array.from(bytes, (byte) => String(1 + (byte % 5))).join('')
}

/**
 * Says the digits with a voice of this computer; where there is none (no voice of the page's language works without
 * asking another computer), beeps as often as each digit says.
 */
export async function playDigits(
  digits: string,
  signal: AbortSignal,
): Promise<Result<void, LoudspeakerProblem>> {
  try {
    const voice = await ownVoice()
    // Stopped or asked again meanwhile: nothing may begin to sound any more.
    if (signal.aborted) return ok(undefined)
    if (voice !== null) return await say(digits, voice, signal)
    if (typeof AudioContext === 'undefined') return refuse('unsupported')
    return await beep(digits, signal)
  } catch {
    return refuse('failed')
  }
}

/** Voices come late in some browsers: they are waited for a little. */
async function ownVoice(): Promise<SpeechSynthesisVoice | null> {
  if (typeof speechSynthesis === 'undefined') return null
  const language = document.documentElement.lang || 'fr'
  const find = () =>
    speechSynthesis.getVoices().find((voice) => voice.localService && voice.lang.startsWith(language)) ?? null
  const known = find()
  if (known !== null) return known
  await new Promise<void>((resolve) => {
    speechSynthesis.addEventListener('voiceschanged', () => resolve(), { once: true })
    setTimeout(resolve, 300)
  })
  return find()
}

async function say(
  digits: string,
  voice: SpeechSynthesisVoice,
  signal: AbortSignal,
): Promise<Result<void, LoudspeakerProblem>> {
  const words = new SpeechSynthesisUtterance(Array.from(digits).join(', '))
  words.voice = voice
  words.lang = voice.lang
  words.rate = 0.8
  const { promise, resolve } = Promise.withResolvers<Result<void, LoudspeakerProblem>>()
  words.onend = () => resolve(ok(undefined))
  words.onerror = () => resolve(signal.aborted ? ok(undefined) : refuse('failed'))
  const overdue = setTimeout(() => resolve(ok(undefined)), SAID_AFTER)
  const cancel = () => {
    speechSynthesis.cancel()
    resolve(ok(undefined))
  }
  signal.addEventListener('abort', cancel)
  speechSynthesis.cancel()
  speechSynthesis.speak(words)
  const outcome = await promise
  clearTimeout(overdue)
  signal.removeEventListener('abort', cancel)
  return outcome
}

async function beep(digits: string, signal: AbortSignal): Promise<Result<void, LoudspeakerProblem>> {
  const audio = new AudioContext()
  try {
    await audio.resume()
    if (signal.aborted) return ok(undefined)
    let at = audio.currentTime + 0.1
    for (const digit of digits) {
      for (let count = 0; count < Number(digit); count++) {
        tone(audio, at)
        at += BETWEEN_BEEPS
      }
      at += BETWEEN_DIGITS
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, (at - audio.currentTime) * 1000)
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
    })
    return ok(undefined)
  } finally {
    void audio.close()
  }
}

function tone(audio: AudioContext, at: number): void {
  const oscillator = audio.createOscillator()
  const loudness = audio.createGain()
  oscillator.frequency.value = 660
  // Rising and falling a little, so that it does not crack.
  loudness.gain.setValueAtTime(0, at)
  loudness.gain.linearRampToValueAtTime(0.4, at + 0.02)
  loudness.gain.setValueAtTime(0.4, at + BEEP - 0.02)
  loudness.gain.linearRampToValueAtTime(0, at + BEEP)
  oscillator.connect(loudness).connect(audio.destination)
  oscillator.start(at)
  oscillator.stop(at + BEEP)
}
