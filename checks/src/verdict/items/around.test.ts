import { describe, expect, it } from 'vitest'
import {
  type ConditionsMeasurement,
  type ConnectionMeasured,
  LOUDSPEAKER_FAILURES,
  type Measurements,
  TRIAL_FAILURES,
} from '../measurements.ts'
import { defaultPolicy } from '../policies.ts'
import { isObjected } from '../reading.ts'
import { soundMachine } from '../soundMachine.ts'
import { judgeEquipment, judgeItem } from '../verdict.ts'

/** Every objection of one line, in order, as « verdict cause ». */
function objections(changed: Partial<Measurements>, item: keyof Measurements): string[] {
  return judgeItem(item, { ...soundMachine, ...changed }, defaultPolicy).readings.flatMap((one) =>
    isObjected(one) ? [`${one.verdict} ${one.cause}`] : [],
  )
}

const connection = (changed: Partial<ConnectionMeasured>) => ({
  connection: { ...soundMachine.connection, ...changed },
})
const conditions = (changed: Partial<ConditionsMeasurement>) => ({
  conditions: { ...soundMachine.conditions, ...changed },
})

describe('[CHK-06] the ways to live media', () => {
  it.each([
    ['connected', 'connected', 'connected', []],
    ['connected', 'failed', 'failed', []],
    ['connected', 'connected', 'not-offered', []],
    ['failed', 'connected', 'not-offered', ['warn connection-udp-blocked']],
    ['failed', 'failed', 'connected', ['warn connection-relay-only', 'warn connection-tcp-blocked']],
    ['failed', 'connected', 'failed', ['warn connection-udp-blocked']],
    ['failed', 'failed', 'failed', ['fail connection-blocked']],
    ['failed', 'failed', 'not-offered', ['fail connection-blocked']],
    ['not-offered', 'not-offered', 'not-offered', ['unknown connection-not-offered']],
  ] as const)('[CHK-06] UDP %s, TCP %s, TURN %s: %j', (udp, tcp, turn, expected) => {
    expect(objections(connection({ udp, tcp, turn }), 'connection')).toEqual(expected)
  })

  it.each([
    [0, []],
    [0.05, []],
    [0.051, ['warn connection-lossy']],
    [null, ['unknown connection-loss-untold']],
  ])('[CHK-06] a share of %s lost: %j', (lossShare, expected) => {
    expect(objections(connection({ lossShare }), 'connection')).toEqual(expected)
  })

  it.each(TRIAL_FAILURES)(
    '[CHK-06] a trial that ended as %s never blocks for what others forbid',
    (failure) => {
      const sheet = judgeEquipment(
        { ...soundMachine, connection: { outcome: 'failed', failure } },
        defaultPolicy,
      )
      const expected = {
        unsupported: 'fail',
        unreachable: 'fail',
        capped: 'unknown',
        'not-offered': 'warn',
        interrupted: 'unknown',
      }
      expect(sheet.overall).toBe(expected[failure])
    },
  )
})

describe('[CHK-02] what was not judged', () => {
  const verdictsOf = (changed: Partial<Measurements>, item: keyof Measurements) =>
    Object.fromEntries(
      judgeItem(item, { ...soundMachine, ...changed }, defaultPolicy).readings.map((one) => [
        one.name,
        [one.verdict, one.value],
      ]),
    )

  it('[CHK-06] a way that is not offered or was not tried is kept as that, not as passed, and weighs nothing', () => {
    const ways = connection({ udp: 'connected', tcp: 'not-tried', turn: 'not-offered' })
    expect(verdictsOf(ways, 'connection')).toMatchObject({
      'connection-udp': ['pass', 'connected'],
      'connection-tcp': ['not-judged', 'not-tried'],
      'connection-turn': ['not-judged', 'not-offered'],
    })
    expect(judgeEquipment({ ...soundMachine, ...ways }, defaultPolicy).overall).toBe('pass')
  })

  it('[CHK-10] what the browser does not tell of the computer is kept as that', () => {
    const untold = conditions({ battery: null, clockAheadMs: null, remoteDesktop: null, vpn: null })
    expect(verdictsOf(untold, 'conditions')).toEqual({
      'conditions-screen': ['pass', '1440×800'],
      'conditions-battery': ['not-judged', null],
      'conditions-clock': ['not-judged', null],
      'conditions-remote': ['not-judged', null],
      'conditions-vpn': ['not-judged', null],
    })
    expect(judgeEquipment({ ...soundMachine, ...untold }, defaultPolicy).overall).toBe('pass')
  })

  it.each([
    ['udp', 'relay-udp'],
    ['tcp', 'relay-tcp'],
    ['tls', 'relay-tls'],
    [null, 'connected'],
    [undefined, 'connected'],
  ] as const)('[CHK-06] a relay reached by %s is told as %s', (relay, value) => {
    expect(verdictsOf(connection({ turn: 'connected', relay }), 'connection')['connection-turn']).toEqual([
      'pass',
      value,
    ])
  })
})

describe('[CHK-05] loudspeakers', () => {
  it.each([
    ['4729', '4729', []],
    ['4729', '4728', ['fail loudspeaker-not-heard']],
    ['4729', '', ['fail loudspeaker-not-heard']],
    ['', '', ['fail loudspeaker-not-heard']],
  ])('[CHK-05] « %s » played, « %s » typed: %j', (played, typed, expected) => {
    expect(objections({ loudspeaker: { outcome: 'answered', played, typed } }, 'loudspeaker')).toEqual(
      expected,
    )
  })

  it('[CHK-05] who does not hear writes, and passes', () => {
    const sheet = judgeEquipment({ ...soundMachine, loudspeaker: { outcome: 'written' } }, defaultPolicy)
    expect(sheet.overall).toBe('pass')
  })

  it.each(LOUDSPEAKER_FAILURES)('[CHK-05] loudspeakers that end as %s are no pass', (failure) => {
    const sheet = judgeEquipment(
      { ...soundMachine, loudspeaker: { outcome: 'failed', failure } },
      defaultPolicy,
    )
    expect(sheet.passed).toBe(false)
  })
})

describe('[CHK-10] what is around the exam', () => {
  it.each([
    [1024, 640, []],
    [1023, 640, ['warn conditions-screen-small']],
    [1024, 639, ['warn conditions-screen-small']],
    [1025, 641, []],
  ])('[CHK-10] a window of %i×%i: %j', (screenWidth, screenHeight, expected) => {
    expect(objections(conditions({ screenWidth, screenHeight }), 'conditions')).toEqual(expected)
  })

  it.each([
    [60_000, []],
    [60_001, ['warn conditions-clock-wrong']],
    [-60_000, []],
    [-60_001, ['warn conditions-clock-wrong']],
    [null, []],
  ])('[CHK-10] a clock %s ms ahead: %j', (clockAheadMs, expected) => {
    expect(objections(conditions({ clockAheadMs }), 'conditions')).toEqual(expected)
  })

  it.each([
    [{ battery: { charging: false, share: 0.9 } }, ['warn conditions-on-battery']],
    [{ battery: { charging: true, share: 0.1 } }, []],
    [{ battery: null }, []],
    [{ remoteDesktop: true }, ['warn conditions-remote-desktop']],
    [{ remoteDesktop: null }, []],
    [{ vpn: true }, ['warn conditions-vpn']],
    [{ vpn: null }, []],
  ])('[CHK-10] %j: %j', (changed, expected) => {
    expect(objections(conditions(changed), 'conditions')).toEqual(expected)
  })

  it('[CHK-10] warns at most, however bad it is', () => {
    const bad = conditions({
      screenWidth: 1,
      screenHeight: 1,
      battery: { charging: false, share: 0 },
      clockAheadMs: 1e9,
      remoteDesktop: true,
      vpn: true,
    })
    expect(judgeEquipment({ ...soundMachine, ...bad }, defaultPolicy)).toMatchObject({ overall: 'warn' })
  })
})

describe('[CHK-05][CHK-09] a voice that is cut off, a window that keeps nothing', () => {
  it.each([
    [0.01, []],
    [0.0101, ['warn microphone-clipped']],
  ])('[CHK-05] a share of %d at full scale: %j', (clippedShare, expected) => {
    const microphone = { ...soundMachine.microphone, clippedShare }
    expect(objections({ microphone }, 'microphone')).toEqual(expected)
  })

  it.each([
    [true, ['warn recording-private-window']],
    [false, []],
    [null, []],
  ])('[CHK-09] a private window, %s: %j', (privateWindow, expected) => {
    const recording = { ...soundMachine.recording, privateWindow }
    expect(objections({ recording }, 'recording')).toEqual(expected)
  })
})
