import { describe, expect, it } from 'vitest'
import { arrivalsOf } from './transfers.ts'

describe('[CHK-06] what the server says of an upload', () => {
  it('[CHK-06] is read moment by moment', () => {
    expect(arrivalsOf('{"bytes":30,"arrivals":[[0,10],[41,30]]}')).toEqual([
      { at: 0, bytes: 10 },
      { at: 41, bytes: 30 },
    ])
    expect(arrivalsOf('{"bytes":0,"arrivals":[]}')).toEqual([])
  })

  it.each([
    '',
    'OK',
    'null',
    '{"bytes":30}',
    '{"arrivals":[[0]]}',
    '{"arrivals":[[0,"ten"]]}',
    '{"arrivals":[7]}',
  ])('[CHK-06] « %s » says nothing', (answer) => {
    expect(arrivalsOf(answer)).toBeNull()
  })
})
