import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { playDigits } from './sound.ts'

/** A browser's voice: says nothing by itself, and ends when it is told to. */
function voice({ ready = true } = {}) {
  const said: { onend?: () => void }[] = []
  let voices = ready ? [{ localService: true, lang: 'fr-FR' }] : []
  const listeners = new Set<() => void>()
  vi.stubGlobal('document', { documentElement: { lang: 'fr' } })
  vi.stubGlobal(
    'SpeechSynthesisUtterance',
    class Utterance {
      voice = null
    },
  )
  vi.stubGlobal('speechSynthesis', {
    getVoices: () => voices,
    addEventListener: (_: string, listener: () => void) => listeners.add(listener),
    speak: (words: { onend?: () => void }) => said.push(words),
    cancel: () => undefined,
  })
  const comeLate = () => {
    voices = [{ localService: true, lang: 'fr-FR' }]
    for (const listener of listeners) listener()
  }
  return { said, comeLate }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('[CHK-05] digits said by a voice of this computer', () => {
  it('[CHK-05] are over when the voice says so', async () => {
    const { said } = voice()
    const playing = playDigits('315', new AbortController().signal)
    await vi.advanceTimersByTimeAsync(2_000)
    said[0]?.onend?.()
    expect(await playing).toEqual({ ok: true, value: undefined })
  })

  it('[CHK-05] are over after a while where the voice forgets to say so: the page never waits for ever', async () => {
    voice()
    const playing = playDigits('315', new AbortController().signal)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await playing).toEqual({ ok: true, value: undefined })
  })

  it('[CHK-05] stop at once when they are stopped, whatever the voice says', async () => {
    voice()
    const stop = new AbortController()
    const playing = playDigits('315', stop.signal)
    await vi.advanceTimersByTimeAsync(500)
    stop.abort()
    expect(await playing).toEqual({ ok: true, value: undefined })
  })

  it('[CHK-05] are not said when they were stopped before a voice was there', async () => {
    const { said, comeLate } = voice({ ready: false })
    const stop = new AbortController()
    const playing = playDigits('315', stop.signal)
    stop.abort()
    comeLate()
    await playing
    expect(said).toEqual([])
  })
})
