import { afterEach, expect, it, vi } from 'vitest'
import { platformFacts } from './platformFacts.ts'

afterEach(() => vi.unstubAllGlobals())

it('[CHK-03] a browser that refuses its hints is told by its user agent string', async () => {
  const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/155.0.0.0'
  const getHighEntropyValues = () => Promise.reject(new DOMException('not here', 'NotAllowedError'))
  vi.stubGlobal('navigator', { userAgent, maxTouchPoints: 0, userAgentData: { getHighEntropyValues } })
  expect(await platformFacts()).toEqual({ userAgent, maxTouchPoints: 0, hints: null })
})
