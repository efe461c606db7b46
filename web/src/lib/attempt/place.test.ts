import type { AttemptView } from '@vigie/contract/attempt/view'
import { STATUSES } from '@vigie/exam-engine/attempt/state'
import { describe, expect, it } from 'vitest'
import { isOnAir, isOver, placeOf, stepOf } from './place.ts'
import { testView } from './testView.ts'

const entry = (done: Partial<NonNullable<AttemptView['entry']>>) =>
  placeOf(testView({ entry: { ...testView().entry!, ...done } }))
const { photos } = testView().entry!
const through = { information: 'acknowledged', equipment: 'pass', nameExact: true } as const

describe('the place on the path', () => {
  it('[IDN-02] follows information, equipment, identity, room, in this order', () => {
    expect(entry({})).toEqual({ screen: 'information' })
    expect(entry({ information: 'acknowledged' })).toEqual({ screen: 'equipment' })
    expect(entry({ information: 'acknowledged', equipment: 'warn' })).toEqual({ screen: 'name' })
    expect(entry(through)).toEqual({ screen: 'photo', kind: 'document' })
  })

  it('[CHK-06] a failed check has to be walked again, an unknown one lets in', () => {
    expect(entry({ ...through, equipment: 'fail' })).toEqual({ screen: 'equipment' })
    expect(entry({ ...through, equipment: 'unknown' })).toMatchObject({ screen: 'photo' })
  })

  it('[IDN-05] asks for the photos the policy wants, skipped ones being done', () => {
    const skipped = { ...photos, document: { ...photos.document, outcome: 'skipped' as const } }
    expect(entry({ ...through, photos: skipped })).toEqual({ screen: 'photo', kind: 'face' })
    const both = { ...skipped, face: { ...photos.face, outcome: 'taken' as const } }
    expect(entry({ ...through, photos: both })).toEqual({ screen: 'room' })
  })

  it('[IDN-04] a name said to be wrong does not stop the exam', () => {
    expect(entry({ ...through, nameExact: false })).toMatchObject({ screen: 'photo' })
  })

  it('[ATT-01] every status has its screen, and its step on the path where it has one', () => {
    const steps = STATUSES.map((status) => [status, stepOf(placeOf(testView({ status })))])
    expect(Object.fromEntries(steps)).toMatchObject({
      scheduled: null,
      preparing: 'information',
      waiting: 'proctor',
      checking: 'proctor',
      unlocked: 'exam',
      running: 'exam',
      held: 'exam',
      closed: null,
      refused: null,
    })
    expect(STATUSES.filter((status) => isOnAir(testView({ status })))).toEqual([
      'waiting',
      'checking',
      'unlocked',
      'running',
      'held',
    ])
    expect(STATUSES.filter((status) => isOver(testView({ status })))).toEqual(STATUSES.slice(7))
  })

  it('[ROOM-05] another device is led to its photo first', () => {
    for (const readmission of ['photo', 'proctor'] as const)
      expect(placeOf(testView({ status: 'held', readmission }))).toEqual({ screen: 'readmission' })
  })
})
