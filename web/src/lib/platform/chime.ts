/** A short, soft sound for somebody who asked to be told aloud. Silent where the browser allows none yet. */
let context: AudioContext | null = null

const NOTES = [660, 880] as const
const NOTE_SECONDS = 0.18

export function chime(): void {
  context ??= new AudioContext()
  const audio = context
  if (audio.state === 'suspended') void audio.resume().catch(() => {})
  NOTES.forEach((frequency, index) => {
    const from = audio.currentTime + index * NOTE_SECONDS
    const tone = new OscillatorNode(audio, { frequency })
    const volume = new GainNode(audio, { gain: 0 })
    volume.gain.linearRampToValueAtTime(0.12, from + 0.02)
    volume.gain.linearRampToValueAtTime(0, from + NOTE_SECONDS)
    tone.connect(volume).connect(audio.destination)
    tone.start(from)
    tone.stop(from + NOTE_SECONDS)
  })
}
