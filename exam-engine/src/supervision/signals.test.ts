import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY } from '../catalog/policy.ts'
import { signalMatters } from './signalRules.ts'
import { askedOfPage, PAGE_SIGNALS, SIGNALS } from './signals.ts'

describe('signals', () => {
  it('[SUP-07.1] a page is asked for what its policy has on, one by one', () => {
    expect(askedOfPage(DEFAULT_POLICY.signals)).toEqual(PAGE_SIGNALS)
    for (const signal of PAGE_SIGNALS) {
      const without = askedOfPage({ ...DEFAULT_POLICY.signals, [signal]: false })
      expect(without).toEqual(PAGE_SIGNALS.filter((one) => one !== signal))
    }
    const none = Object.fromEntries(SIGNALS.map((signal) => [signal, false])) as typeof DEFAULT_POLICY.signals
    expect(askedOfPage(none)).toEqual([])
  })

  it('[SUP-07.2] leaving the window means nothing while the proctor asks for other windows', () => {
    for (const signal of ['page-hidden', 'window-left', 'copy', 'paste'] as const) {
      expect(signalMatters(signal, 'running')).toBe(true)
      for (const status of ['checking', 'unlocked', 'held', 'sealed'] as const)
        expect(signalMatters(signal, status)).toBe(false)
    }
    expect(signalMatters('second-screen', 'checking')).toBe(true)
    expect(signalMatters('lease-changed', 'held')).toBe(true)
    for (const signal of SIGNALS) expect(signalMatters(signal, 'sealed')).toBe(false)
  })
})
