/**
 * Speaks with the voices of this computer only: a voice that lives on somebody's server would fetch what it says from
 * there. Without such a voice in the language nothing is said, and what is written has to do.
 */
function voiceFor(language: string): SpeechSynthesisVoice | null {
  if (typeof speechSynthesis === 'undefined') return null
  const own = speechSynthesis.getVoices().filter((voice) => voice.localService)
  return own.find((voice) => voice.lang.toLowerCase().startsWith(language)) ?? null
}

/** Says a text, cutting short what is being said. False when there is no voice of this computer for the language. */
export function speak(text: string, language: string): boolean {
  const voice = voiceFor(language)
  if (!voice) return false
  speechSynthesis.cancel()
  const said = new SpeechSynthesisUtterance(text)
  said.voice = voice
  said.lang = voice.lang
  speechSynthesis.speak(said)
  return true
}

export function hush(): void {
  if (typeof speechSynthesis !== 'undefined') speechSynthesis.cancel()
}
