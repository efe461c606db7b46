import { describe, expect, it } from 'vitest'
import type { Clock } from '../platform/clock.ts'
import { Refused } from '../platform/refused.ts'
import { ANONYMOUS, type Actor } from '../accounts/actor.ts'
import { networkOf } from '../platform/network.ts'
import { createCaps, createShares, TRANSFER_LIMITS, type CapLimits } from './transferCaps.ts'

function hall(limits: Partial<CapLimits> = {}) {
  let now = 1_000_000
  const clock: Clock = { now: () => now, elapsed: () => now }
  const caps = createCaps(clock, { ...TRANSFER_LIMITS, ...limits })
  const outcome = (address: string, bytes: number): string => {
    try {
      caps.admit(address, bytes)()
      return 'admitted'
    } catch (error) {
      if (error instanceof Refused) return error.code
      throw error
    }
  }
  return { caps, outcome, pass: (ms: number) => (now += ms) }
}

describe('[CHK-06] caps of the public transfers', () => {
  it('[CHK-06] an address has its bytes, exactly, and gets them again in the next window', () => {
    const { outcome, pass } = hall({ bytesPerWindow: 100, windowMs: 1000 })
    expect([outcome('a', 60), outcome('a', 40), outcome('a', 1)]).toEqual([
      'admitted',
      'admitted',
      'too-many',
    ])
    expect(outcome('b', 100)).toBe('admitted')
    pass(999)
    expect(outcome('a', 1)).toBe('too-many')
    pass(1)
    expect(outcome('a', 100)).toBe('admitted')
  })

  it('[CHK-06] empty requests count too', () => {
    const { outcome } = hall({ requestsPerWindow: 2 })
    expect([outcome('a', 0), outcome('a', 0), outcome('a', 0)]).toEqual(['admitted', 'admitted', 'too-many'])
  })

  it('[CHK-06] a refusal says how long to wait', () => {
    const { caps, pass } = hall({ bytesPerWindow: 10, windowMs: 60_000 })
    pass(15_000)
    expect(() => caps.admit('a', 11)).toThrow(
      expect.objectContaining({ code: 'too-many', detail: { retryAfterSeconds: 45 } }),
    )
  })

  it('[CHK-06] so many at once from one address, and so many from all', () => {
    const { caps, outcome } = hall({ atOnceEach: 2, atOnce: 3 })
    const over = caps.admit('a', 1)
    caps.admit('a', 1)
    expect(outcome('a', 1)).toBe('too-many')
    caps.admit('b', 1)
    expect(outcome('c', 1)).toBe('busy')
    over()
    over()
    expect(outcome('c', 1)).toBe('admitted')
    expect(outcome('a', 1)).toBe('admitted')
  })

  it('[CHK-06][CHK-01] thirty attempts behind one router each have their own share, whatever was spent beside them', () => {
    let now = 1_000_000
    const clock: Clock = { now: () => now++, elapsed: () => now }
    const shares = createShares(clock, { ...TRANSFER_LIMITS, bytesPerWindow: 100, atOnceEach: 1, atOnce: 3 })
    const ask = (actor: Actor, address: string) => shares.admit({ actor, address }, 100)
    const attempts = Array.from({ length: 30 }, (_, count): Actor => ({
      kind: 'attempt',
      attempt: `attempt-${count}`,
      candidate: 'somebody',
    }))
    ask(ANONYMOUS, '192.0.2.7')
    for (const attempt of attempts) ask(attempt, '192.0.2.7')
    // Each stays within its own: no attempt is a cannon either.
    for (const one of [ANONYMOUS, ...attempts]) {
      expect(() => ask(one, '192.0.2.7')).toThrow(expect.objectContaining({ code: 'too-many' }))
    }
    // A public page that is full turns visitors away, and no attempt.
    ask(ANONYMOUS, '192.0.2.8')
    ask(ANONYMOUS, '192.0.2.9')
    expect(() => ask(ANONYMOUS, '192.0.2.10')).toThrow(expect.objectContaining({ code: 'busy' }))
    ask({ kind: 'attempt', attempt: 'late', candidate: 'somebody' }, '192.0.2.10')()
  })

  it('[CHK-06] memory stays bounded whoever comes', () => {
    const { outcome } = hall({ remembered: 10, requestsPerWindow: 1 })
    for (let count = 0; count < 11; count++) outcome(`visitor-${count}`, 0)
    expect(outcome('visitor-0', 0)).toBe('admitted')
  })

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::5', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
  ])('[CHK-06] %s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
