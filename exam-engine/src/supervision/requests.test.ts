import { describe, expect, it } from 'vitest'
import { HOLD_REASONS } from './reasons.ts'
import { ASKED_REQUESTS, requestAfter, requestOfHold, REQUEST_KINDS, requestStatuses } from './requests.ts'

describe('what a proctor asks of the page', () => {
  it('[SUP-06.3] whoever works is asked for the screen only: a visit of the room takes a hold', () => {
    const running = ASKED_REQUESTS.filter((kind) => requestStatuses(kind).includes('running'))
    expect(running).toEqual(['share-again'])
    expect(ASKED_REQUESTS.every((kind) => requestStatuses(kind).includes('held'))).toBe(true)
  })

  it('[SUP-06.3] a hold for a visit asks for the visit, one for a break for the return, others for nothing', () => {
    const asked = HOLD_REASONS.map((reason) => [reason, requestOfHold(reason)]).filter(([, kind]) => kind)
    expect(asked).toEqual([
      ['room-scan', 'room-scan'],
      ['break', 'return-from-break'],
    ])
  })

  it('[SUP-06.3] a break ends with the visit of the room, and nothing follows a visit', () => {
    expect(requestAfter('return-from-break', 'done')).toBe('room-scan')
    expect(requestAfter('return-from-break', 'withdrawn')).toBeNull()
    for (const kind of REQUEST_KINDS.filter((one) => one !== 'return-from-break')) {
      expect(requestAfter(kind, 'done'), kind).toBeNull()
    }
  })
})
