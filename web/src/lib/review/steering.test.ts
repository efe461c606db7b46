import { describe, expect, it } from 'vitest'
import { correction, easedRate } from './steering.ts'

/** Two videos on one clock as browsers play them: they start late, and their speed changes when they are told. */
function drive(rate: number, startLate: number, begins: number) {
  const TICK = 20
  let [clock, camera, screen] = [0, 0, begins]
  let screenStartsAt: number | null = null
  let worst = 0
  let nominal = 0
  for (let now = 0; now < 20_000; now += TICK) {
    const covered = clock >= begins
    if (covered) screenStartsAt ??= now + startLate
    const running = screenStartsAt !== null && now >= screenStartsAt
    const drift = covered ? Math.abs(camera - screen) : 0
    const speed = easedRate({
      rate,
      drift,
      starting: covered && !running,
      nextBegins: covered ? null : begins - clock,
    })
    // Both are looked at in the same moment, then both move.
    const turned = speed * correction(screen - camera, speed)
    camera += speed * TICK
    clock = camera
    if (running) screen += turned * TICK
    if (covered) worst = Math.max(worst, Math.abs(camera - screen))
    if (speed === rate) nominal += TICK
  }
  return { worst, nominal }
}

describe('[REV-02] two tracks in step', () => {
  it.each([0.5, 1, 1.5, 2, 4, 8])(
    'at speed %s they are less than 100 ms apart also where one begins, and soon fast again',
    (rate) => {
      const { worst, nominal } = drive(rate, 40, 5_000)
      expect(worst).toBeLessThan(100)
      expect(nominal).toBeGreaterThan(18_000)
    },
  )

  it('a video that runs by itself a little wrong stays in step', () => {
    let [clock, screen] = [0, 0]
    for (let now = 0; now < 60_000; now += 20) {
      const turned = 4 * 1.02 * correction(screen - clock, 4)
      clock += 4 * 20
      screen += turned * 20
      expect(Math.abs(screen - clock)).toBeLessThan(60)
    }
  })

  it('is left alone where it is near enough, and never turned by more than a voice bears while it is listened to', () => {
    expect(correction(10, 1)).toBe(1)
    expect(correction(40, 1)).toBeCloseTo(0.9)
    expect(correction(-40, 1)).toBeCloseTo(1.1)
    expect(correction(4_000, 4)).toBe(0.5)
  })

  it('keeps plain and slow speed as they are', () => {
    expect(easedRate({ rate: 0.5, drift: 900, starting: true, nextBegins: 0 })).toBe(0.5)
    expect(easedRate({ rate: 8, drift: 0, starting: false, nextBegins: null })).toBe(8)
    expect(easedRate({ rate: 8, drift: 0, starting: false, nextBegins: 900 })).toBe(1)
  })
})
