import { scripts } from '@vigie/checks/fakes/script'
import { CAUSES, REMEDIES } from '@vigie/checks/verdict/causes'
import { CHECK_ITEMS, type Measurements, NO_MEASUREMENTS } from '@vigie/checks/verdict/measurements'
import { defaultPolicy, demonstrationPolicy, funPolicy } from '@vigie/checks/verdict/policies'
import { READING_NAMES } from '@vigie/checks/verdict/reading'
import { soundMachine } from '@vigie/checks/verdict/soundMachine'
import { judgeEquipment, judgeItem } from '@vigie/checks/verdict/verdict'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { overwriteGetLocale } from '#lib/paraglide/runtime.js'
import { curve, height } from './bandwidthCurve.ts'
import { admittedBrowsers, admittedSystems } from './admitted.ts'
import { announcement, stateOf, verdictOfReading, yoursInWords } from './lineState.ts'
import { askedOfLine } from './reportWords.ts'
import { asksItDepartment, objectionsOf } from './objections.ts'
import { inFigures, speed, thresholdInWords, valueInWords } from './values.ts'
import { causeInWords, itemName, readingName, remedyInWords } from './words.ts'

let locale: 'fr' | 'en' = 'fr'
beforeAll(() => overwriteGetLocale(() => locale))
afterAll(() => void (locale = 'fr'))

/** Unbreakable spaces as plain ones, so that the expectations can be read. */
const plain = (text: string | null): string | null => text?.replace(/[\u00a0\u202f]/g, ' ') ?? null

const dark: Measurements = {
  ...soundMachine,
  camera: { ...soundMachine.camera, width: 320, height: 240, meanLuma: 0, frameDifference: 0 },
  bandwidth: { ...soundMachine.bandwidth, downKbps: 500, upKbps: 200 },
}

describe('[CHK-02] codes in words', () => {
  it.each(['fr', 'en'] as const)('[CHK-02] each cause and remedy has its own words in %s', (language) => {
    locale = language
    const words = [...CAUSES.map(causeInWords), ...REMEDIES.map(remedyInWords)]
    expect(words.every((one) => one.length > 8)).toBe(true)
    expect(new Set(REMEDIES.map(remedyInWords)).size).toBe(REMEDIES.length)
    expect([...CHECK_ITEMS.map(itemName), ...READING_NAMES.map(readingName)].every((one) => one !== '')).toBe(
      true,
    )
    locale = 'fr'
  })

  it.each([
    ['a sound machine', soundMachine],
    ['a dark one', dark],
    ['one without answers', NO_MEASUREMENTS],
  ])('[CHK-02] every value of %s can be read', (_what, measurements) => {
    for (const { readings } of judgeEquipment(measurements, defaultPolicy).items) {
      for (const reading of readings) {
        const text = `${valueInWords(reading, 'fr')} ${thresholdInWords(reading, 'fr') ?? ''}`
        expect(text).not.toMatch(/undefined|NaN|null|\[object/)
      }
    }
  })

  it('[CHK-02] values carry their unit, thresholds their sense', () => {
    const frozen = {
      ...dark,
      camera: { ...soundMachine.camera, width: 320, height: 240, frameDifference: 0 },
    }
    const said = judgeEquipment(frozen, defaultPolicy).items.flatMap(({ readings }) =>
      readings.map((one) => [one.name, plain(valueInWords(one, 'fr')), plain(thresholdInWords(one, 'fr'))]),
    )
    expect(said).toEqual(
      expect.arrayContaining([
        ['browser-name', 'Google Chrome 156', 'version 154 ou plus récente'],
        ['camera-size', '320×240', 'au moins 640×480'],
        ['camera-motion', 'non', null],
        ['microphone-level', '−25 dB', 'au moins −50 dB'],
        ['bandwidth-down', '500 kbit/s', 'au moins 768 kbit/s'],
        ['bandwidth-round-trip', '30 ms', 'au plus 400 ms'],
        ['screens-count', 'un seul', 'demandé : un seul'],
        ['share-surface', 'écran entier', 'demandé : écran entier'],
        ['recording-speed', '5 fois le temps réel', 'plus de 1 fois le temps réel'],
        ['recording-storage', '5 Go', 'au moins 256 Mo'],
      ]),
    )
  })

  it.each([
    [768, '768 kbit/s'],
    [1240.4, '1 240 kbit/s'],
    [9999, '9 999 kbit/s'],
    [10_000, '10 Mbit/s'],
    [24_350, '24,4 Mbit/s'],
    [941_000, '941 Mbit/s'],
  ])('[CHK-06] %d kbit/s reads « %s »', (kbps, expected) => {
    expect(plain(speed(kbps, 'fr'))).toBe(expected)
  })

  it.each<[string, Partial<Measurements>]>([
    ['9,6 images/s, au moins 10 images/s', { camera: { ...soundMachine.camera, framesPerSecond: 9.6 } }],
    ['17,61 %, au moins 17,65 %', { camera: { ...soundMachine.camera, meanLuma: 44.9 } }],
    ['−50,3 dB, au moins −50 dB', { microphone: { ...soundMachine.microphone, speechDbfs: -50.3 } }],
    ['9,99 dB, au moins 10 dB', { microphone: { ...soundMachine.microphone, noiseDbfs: -34.99 } }],
    ['400,2 ms, au plus 400 ms', { bandwidth: { ...soundMachine.bandwidth, roundTripMs: 400.2 } }],
    ['5,04 %, au plus 5 %', { connection: { ...soundMachine.connection, lossShare: 0.0504 } }],
    ['60,001 s, au plus 60 s', { conditions: { ...soundMachine.conditions, clockAheadMs: 60_001 } }],
    [
      '255,999999 Mo, au moins 256 Mo',
      { recording: { ...soundMachine.recording, storageBytes: 255_999_999 } },
    ],
  ])('[CHK-02] what just falls short does not read as what is asked: %s', (expected, changed) => {
    const said = judgeEquipment({ ...soundMachine, ...changed }, defaultPolicy)
      .items.map(({ deciding }) => deciding)
      .find(({ verdict }) => verdict !== 'pass')
    expect(plain(`${valueInWords(said!, 'fr')}, ${thresholdInWords(said!, 'fr')}`)).toBe(expected)
  })

  it('sets numbers in figures and words in words', () => {
    expect(['640×480', '−25 dB', '500 kbit/s'].every(inFigures)).toBe(true)
    expect([null, 'Linux', 'un seul', 'Chromium 156'].some(inFigures)).toBe(false)
  })
})

describe('[CHK-02] what a line says', () => {
  it('[CHK-02] everything that is said against it, the gravest first, what has one remedy together', () => {
    const bandwidth = objectionsOf(judgeItem('bandwidth', dark, defaultPolicy))
    expect(bandwidth.map(({ remedy, readings }) => [remedy, readings.map(({ cause }) => cause)])).toEqual([
      ['use-wired-network', ['bandwidth-down-too-low', 'bandwidth-up-too-low']],
    ])
    const camera = objectionsOf(judgeItem('camera', dark, defaultPolicy))
    expect(camera.map(({ remedy }) => remedy)).toEqual(['choose-camera', 'uncover-camera'])
    const small = { ...soundMachine.camera, width: 320, height: 240, label: 'OBS Virtual Camera' }
    const both = objectionsOf(judgeItem('camera', { ...soundMachine, camera: small }, defaultPolicy))
    expect(both.map(({ verdict, remedy }) => [verdict, remedy])).toEqual([
      ['fail', 'choose-camera'],
      ['warn', 'use-real-camera'],
    ])
    expect(objectionsOf(judgeItem('camera', soundMachine, defaultPolicy))).toEqual([])
  })

  it('[CHK-02] how far it is, then its verdict', () => {
    const line = judgeItem('share', NO_MEASUREMENTS, defaultPolicy)
    const shown = { line, measured: false, running: false, waitsForClick: false }
    expect(stateOf(shown)).toBe('waiting')
    expect(stateOf({ ...shown, waitsForClick: true })).toBe('click')
    expect(stateOf({ ...shown, running: true, measured: true })).toBe('running')
    const capped = {
      ...NO_MEASUREMENTS,
      bandwidth: { outcome: 'failed', failure: scripts.cappedLine.line },
    } as const
    expect(stateOf({ ...shown, measured: true, line: judgeItem('bandwidth', capped, defaultPolicy) })).toBe(
      'repeat',
    )
    expect(stateOf({ ...shown, measured: true, line: judgeItem('share', soundMachine, defaultPolicy) })).toBe(
      'pass',
    )
  })
})

describe('[CHK-02] what a screen reader says of a line', () => {
  it('[CHK-02] its verdict, and why where it is no pass', () => {
    const camera = judgeItem('camera', dark, defaultPolicy)
    expect(plain(announcement(camera, 'running'))).toBe('Caméra : mesure en cours.')
    expect(plain(announcement(camera, 'fail'))).toMatch(
      /^Caméra : Non conforme\. L’image est trop petite.+ L’image est noire/,
    )
    expect(plain(announcement(judgeItem('camera', soundMachine, defaultPolicy), 'pass'))).toBe(
      'Caméra : Conforme.',
    )
  })
})

describe('[CHK-03] what an exam admits, for who has to change', () => {
  it.each([
    ['Windows 10 ou plus récent, macOS 12 ou plus récent ou ChromeOS', defaultPolicy],
    ['Windows Vista ou plus récent ou macOS 10.5 ou plus récent', funPolicy],
    ['Windows 10 ou plus récent, macOS 12 ou plus récent, ChromeOS ou Linux', demonstrationPolicy],
    [
      'Windows 10.0.19045 ou plus récent',
      {
        systems: [
          { family: 'android', minimumVersion: null },
          { family: 'windows', minimumVersion: '10.0.19045' },
        ],
      },
    ],
  ] as const)('[CHK-03] systems: %s', (expected, { systems }) => {
    expect(plain(admittedSystems(systems, 'fr'))).toBe(expected)
  })

  it('[CHK-03] browsers by the names of their makers', () => {
    expect(plain(admittedBrowsers(demonstrationPolicy.browsers, 'fr'))).toBe(
      'Google Chrome, Microsoft Edge ou Chromium',
    )
  })
})

describe('[CHK-06] the drawing of a line', () => {
  it('[CHK-06] puts slow low and fast high, whatever comes', () => {
    expect([height(0), height(50), height(200_000), height(1e9)]).toEqual([100, 100, 0, 0])
    expect(height(768)).toBeGreaterThan(height(5000))
  })
  it('[CHK-06] begins with two known points', () => {
    expect(curve([])).toBeNull()
    expect(
      curve([
        { at: 0, kbps: null },
        { at: 5, kbps: 100 },
      ]),
    ).toBeNull()
    const [low, high] = [height(100), height(1000)]
    expect(
      curve([
        { at: 10, kbps: 100 },
        { at: 20, kbps: 1000 },
      ]),
    ).toBe(`M0.0 ${low} L100.0 ${high}`)
  })
})

describe('[CHK-11][FUN-08] what an IT department must know', () => {
  const judged = (connection: Measurements['connection']) =>
    judgeEquipment({ ...soundMachine, connection }, defaultPolicy)

  it('[CHK-11] is shown whatever else is said of the line: an untold loss hides no blocked UDP', () => {
    const { connection } = soundMachine
    const blocked = judged({ ...connection, udp: 'failed', lossShare: null })
    expect(asksItDepartment(blocked.items)).toBe(true)
    expect(asksItDepartment(judged(connection).items)).toBe(false)
  })

  it('[CHK-11] names the speeds of the policy that judged', () => {
    const policy = { ...defaultPolicy, bandwidth: { ...defaultPolicy.bandwidth, minUpKbps: 512 } }
    const verdicts = judgeEquipment(soundMachine, policy)
    const told = {
      ...verdicts,
      items: verdicts.items.map((one) => ({ ...one, readings: [...one.readings] })),
    }
    expect(askedOfLine({ verdicts: told })).toEqual({ minDownKbps: 768, minUpKbps: 512 })
  })
})

describe('[CHK-02] the verdict of one value', () => {
  const way = (verdict: 'pass' | 'not-judged', value: string) =>
    verdictOfReading({ name: 'connection-turn', value, threshold: null, verdict })

  it('[CHK-02] is not shown for what was not judged, nor where an older report calls that a pass', () => {
    expect(way('not-judged', 'not-offered')).toBeNull()
    expect(way('pass', 'not-offered')).toBeNull()
    expect(way('pass', 'not-tried')).toBeNull()
    expect(way('pass', 'relay-tls')).toBe('pass')
  })

  it('[CHK-06] says by what a relay is reached', () => {
    const read = (value: string) =>
      valueInWords({ name: 'connection-turn', value, threshold: null, verdict: 'pass' }, 'fr')
    expect(['relay-udp', 'relay-tcp', 'relay-tls'].map(read)).toEqual([
      'ouvert, par UDP',
      'ouvert, par TCP',
      'ouvert, par TLS',
    ])
  })
})

describe('[CHK-02] a picture that is too bright', () => {
  it('[CHK-02] is told the most that is allowed, not the least', () => {
    const { deciding } = judgeItem(
      'camera',
      { ...soundMachine, camera: { ...soundMachine.camera, meanLuma: 240 } },
      defaultPolicy,
    )
    expect(plain(`${valueInWords(deciding, 'fr')}, ${thresholdInWords(deciding, 'fr')}`)).toBe(
      '94 %, au plus 88 %',
    )
  })
})

describe('[CHK-05][CHK-08] what is read out to who does not see the sheet', () => {
  const lines = judgeEquipment(NO_MEASUREMENTS, defaultPolicy).items
  const of = (item: string) => lines.find((line) => line.item === item)!

  it('[CHK-05] the microphone’s line says what to do before anything else', () => {
    expect(announcement(of('microphone'), 'running')).toMatch(
      /parlez à voix haute, ou frappez dans vos mains/,
    )
    expect(plain(announcement(of('camera'), 'running'))).toBe('Caméra : mesure en cours.')
  })

  it('[CHK-08] what waits for the person is named once nothing else is under way', () => {
    const shown = (state: 'pass' | 'running') =>
      lines.map((line) => ({
        line,
        state: ['loudspeaker', 'share'].includes(line.item) ? ('click' as const) : state,
      }))
    expect(yoursInWords(shown('running'), 'fr')).toBeNull()
    expect(plain(yoursInWords(shown('pass'), 'fr'))).toBe('À vous : Haut-parleurs et Partage de l’écran.')
    expect(yoursInWords([{ line: of('share'), state: 'pass' }], 'fr')).toBeNull()
  })
})
