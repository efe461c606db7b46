import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REMEDIES, remedyOf, CAUSES } from './causes.ts'
import { CHECK_ITEMS, type Measurements, NO_MEASUREMENTS, ROUTE_OUTCOMES } from './measurements.ts'
import { defaultPolicy } from './policies.ts'
import type { EquipmentPolicy } from './policy.ts'
import { isJudged, isObjected } from './reading.ts'
import { soundMachine } from './soundMachine.ts'
import { judgeEquipment, judgeItem, mustBeRepeated } from './verdict.ts'

const dim: Measurements['camera'] = { ...soundMachine.camera, meanLuma: 30 }

describe('[CHK-02] the sheet as a whole', () => {
  it('[CHK-02] passes a sound machine, every line of it', () => {
    const sheet = judgeEquipment(soundMachine, defaultPolicy)
    expect(sheet.items.map((line) => [line.item, line.verdict])).toEqual(
      CHECK_ITEMS.map((item) => [item, 'pass']),
    )
    expect(sheet).toMatchObject({ overall: 'pass', passed: true })
  })

  it('[CHK-02] is unknown and no pass while nothing has been measured', () => {
    const sheet = judgeEquipment(NO_MEASUREMENTS, defaultPolicy)
    expect(sheet).toMatchObject({ overall: 'unknown', passed: false })
    expect(sheet.items.every(mustBeRepeated)).toBe(true)
  })

  it.each(CHECK_ITEMS)('[CHK-02] is no pass while %s alone has not been measured', (item) => {
    const sheet = judgeEquipment({ ...soundMachine, [item]: null }, defaultPolicy)
    expect(sheet).toMatchObject({ overall: 'unknown', passed: false })
  })

  it('[CHK-02] fails rather than being unknown when one line fails and another is missing', () => {
    const sheet = judgeEquipment(
      { ...soundMachine, camera: { outcome: 'failed', failure: 'busy' }, share: null },
      defaultPolicy,
    )
    expect(sheet).toMatchObject({ overall: 'fail', passed: false })
  })

  it('[CHK-02] passes with a warning, and says so', () => {
    expect(judgeEquipment({ ...soundMachine, camera: dim }, defaultPolicy)).toMatchObject({
      overall: 'warn',
      passed: true,
    })
  })

  it('[CHK-07] is not blocked by what a browser cannot tell', () => {
    const screens = { ...soundMachine.screens, extended: null }
    expect(judgeEquipment({ ...soundMachine, screens }, defaultPolicy)).toMatchObject({
      overall: 'warn',
      passed: true,
    })
  })

  it('[CHK-02] is not failed, and not held up, by an advisory line', () => {
    const policy: EquipmentPolicy = {
      ...defaultPolicy,
      items: { ...defaultPolicy.items, share: 'advisory', camera: 'advisory' },
    }
    const measurements: Measurements = {
      ...soundMachine,
      share: null,
      camera: { outcome: 'failed', failure: 'absent' },
    }
    expect(judgeEquipment(measurements, policy)).toMatchObject({ overall: 'warn', passed: true })
  })

  it('[CHK-02] gives a line the verdict of its gravest reading, and names that reading', () => {
    const line = judgeItem(
      'camera',
      { ...soundMachine, camera: { ...soundMachine.camera, meanLuma: 30, framesPerSecond: 4 } },
      defaultPolicy,
    )
    expect(line.verdict).toBe('fail')
    expect(line.deciding).toMatchObject({ name: 'camera-rate', cause: 'camera-too-slow' })
  })

  it('[CHK-02] has a remedy for each cause, and no remedy without a cause', () => {
    expect(Object.keys(remedyOf).sort()).toEqual([...CAUSES].sort())
    expect(new Set(Object.values(remedyOf))).toEqual(new Set(REMEDIES))
  })
})

const level = fc.double({ min: -100, max: 0, noNaN: true })
const share: fc.Arbitrary<number> = fc.double({ min: 0, max: 1, noNaN: true })
const rate = fc.double({ min: 0, max: 100_000, noNaN: true })
const anyMeasurements: fc.Arbitrary<Measurements> = fc.record({
  system: fc.option(fc.constant(soundMachine.system)),
  browser: fc.option(fc.nat(200).map((major) => ({ ...soundMachine.browser, major }))),
  camera: fc.option(
    fc.record({
      outcome: fc.constant('measured' as const),
      label: fc.string(),
      width: fc.nat(2000),
      height: fc.nat(2000),
      framesPerSecond: fc.double({ min: 0, max: 60, noNaN: true }),
      meanLuma: fc.double({ min: 0, max: 255, noNaN: true }),
      frameDifference: fc.double({ min: 0, max: 255, noNaN: true }),
      observedMs: fc.nat(5000),
      pageHidden: fc.boolean(),
    }),
  ),
  microphone: fc.option(
    fc.record({
      outcome: fc.constant('measured' as const),
      label: fc.string(),
      noiseDbfs: level,
      speechDbfs: level,
      clippedShare: share,
      observedMs: fc.nat(5000),
    }),
  ),
  bandwidth: fc.option(
    fc.record({
      outcome: fc.constant('measured' as const),
      downKbps: rate,
      upKbps: rate,
      roundTripMs: rate,
      jitterMs: rate,
      downBytes: fc.nat(),
      upBytes: fc.nat(),
    }),
  ),
  connection: fc.option(
    fc.record({
      outcome: fc.constant('measured' as const),
      udp: fc.constantFrom(...ROUTE_OUTCOMES),
      tcp: fc.constantFrom(...ROUTE_OUTCOMES),
      turn: fc.constantFrom(...ROUTE_OUTCOMES),
      lossShare: fc.option(share, { nil: null }),
      roundTripMs: fc.option(rate, { nil: null }),
    }),
  ),
  loudspeaker: fc.option(
    fc.record({ outcome: fc.constant('answered' as const), played: fc.string(), typed: fc.string() }),
  ),
  conditions: fc.record({
    screenWidth: fc.nat(),
    screenHeight: fc.nat(),
    battery: fc.option(fc.record({ charging: fc.boolean(), share })),
    clockAheadMs: fc.option(fc.integer()),
    remoteDesktop: fc.option(fc.boolean()),
    vpn: fc.option(fc.boolean()),
  }),
  screens: fc.record({ extended: fc.option(fc.boolean()), width: fc.nat(), height: fc.nat() }),
  share: fc.option(fc.constant(soundMachine.share)),
  recording: fc.option(
    fc.record({
      outcome: fc.constant('measured' as const),
      codec: fc.constant('avc'),
      mediaMs: fc.constant(2000),
      encodeMs: fc.nat(10_000),
      bytes: fc.nat(),
      storageBytes: fc.option(fc.nat(), { nil: null }),
      privateWindow: fc.option(fc.boolean(), { nil: null }),
    }),
  ),
})

describe('[CHK-02] whatever was measured', () => {
  it('[CHK-02] every line has a verdict, and a pass exactly when nothing objects', () => {
    fc.assert(
      fc.property(anyMeasurements, (measurements) => {
        const sheet = judgeEquipment(measurements, defaultPolicy)
        expect(sheet.items).toHaveLength(CHECK_ITEMS.length)
        for (const line of sheet.items) {
          expect(line.readings).toContain(line.deciding)
          expect(line.verdict === 'pass').toBe(
            line.readings.filter(isJudged).every((one) => one.verdict === 'pass'),
          )
          for (const one of line.readings) if (isObjected(one)) expect(remedyOf[one.cause]).toBe(one.remedy)
        }
        expect(sheet.passed && sheet.items.some((line) => line.verdict === 'fail')).toBe(false)
      }),
    )
  })

  it('[CHK-06] a faster line is never judged worse', () => {
    fc.assert(
      fc.property(rate, rate, rate, (down, up, more) => {
        const passes = (downKbps: number) =>
          judgeItem(
            'bandwidth',
            { ...soundMachine, bandwidth: { ...soundMachine.bandwidth, downKbps, upKbps: up } },
            defaultPolicy,
          ).verdict === 'pass'
        if (passes(down)) expect(passes(down + more)).toBe(true)
      }),
    )
  })
})
