import { afterEach, expect, it, vi } from 'vitest'
import { stayAwake } from './awake.ts'

/** A browser with a screen that goes dark unless a lock is held; it takes its locks back from a hidden page. */
function browser({ refuses = false } = {}) {
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  const held = new Set<object>()
  const request = async () => {
    if (refuses) throw new DOMException('low battery', 'NotAllowedError')
    const lock = { release: async () => void held.delete(lock) }
    held.add(lock)
    return lock
  }
  vi.stubGlobal('document', page)
  vi.stubGlobal('navigator', { wakeLock: { request } })
  return {
    held: async () => {
      await new Promise((done) => setTimeout(done))
      return held.size
    },
    show: (visibilityState: 'visible' | 'hidden') => {
      page.visibilityState = visibilityState
      if (visibilityState === 'hidden') held.clear()
      page.dispatchEvent(new Event('visibilitychange'))
    },
  }
}
afterEach(() => vi.unstubAllGlobals())

it('[CHK-10] keeps the screen on until the end, whenever the page is to be seen', async () => {
  const { held, show } = browser()
  const end = stayAwake()
  expect(await held()).toBe(1)
  show('hidden')
  expect(await held()).toBe(0)
  show('visible')
  expect(await held()).toBe(1)
  end()
  expect(await held()).toBe(0)
  show('hidden')
  show('visible')
  expect(await held()).toBe(0)
})

it('[CHK-10] gives back what is granted only after the end', async () => {
  const { held } = browser()
  stayAwake()()
  expect(await held()).toBe(0)
})

it('[CHK-10] a refusal, as on a low battery, disturbs nothing', async () => {
  const { held } = browser({ refuses: true })
  const end = stayAwake()
  expect(await held()).toBe(0)
  expect(end).not.toThrow()
})
