import { describe, expect, it } from 'vitest'
import { reckonJoiners, type Joiner, type Ticket } from './joiners.ts'

const ticket = (
  nonce: string,
  stay: string | null = null,
  joinedAt: number | null = stay ? 100 : null,
): Ticket => ({
  nonce,
  stay,
  joinedAt,
})
const joiner = (nonce: string, stay: string, joinedAt = 100): Joiner => ({
  nonce,
  stay,
  joinedAt,
  tracks: [],
})

describe('who is in a candidate’s room', () => {
  it('[ROOM-05.4] the page with its ticket is noted once and is nobody’s alarm', () => {
    const page = joiner('a', 's1')
    expect(reckonJoiners([ticket('a')], [page])).toEqual({ noted: [page], out: [], alarm: false, page })
    expect(reckonJoiners([ticket('a', 's1')], [page])).toEqual({ noted: [], out: [], alarm: false, page })
  })

  it('[ROOM-05.4] two joiners with one identity raise the alarm, and the second is shown out', () => {
    const second = joiner('a', 's2', 200)
    expect(reckonJoiners([ticket('a', 's1')], [second])).toMatchObject({
      out: [second],
      alarm: true,
      page: null,
    })
  })

  it('[ROOM-05.4] a reloaded page beside its own ghost: the ghost leaves, no alarm, noticed late or not', () => {
    const ghost = joiner('a', 's1', 100)
    const page = joiner('b', 's2', 200)
    for (const before of [ticket('a', 's1'), ticket('a')])
      for (const now of [ticket('b', 's2', 200), ticket('b')])
        expect(reckonJoiners([before, now], [ghost, page])).toMatchObject({
          out: [ghost],
          alarm: false,
          page,
        })
  })

  it('[ROOM-05.4] a ticket kept and used after a newer one has been: alarm', () => {
    const kept = joiner('a', 's9', 300)
    expect(reckonJoiners([ticket('a'), ticket('b', 's2', 200)], [kept])).toMatchObject({
      out: [kept],
      alarm: true,
    })
  })

  it('[ROOM-05.4] a ticket nobody was given: alarm', () => {
    const stranger = joiner('z', 's9', 300)
    const page = joiner('a', 's1')
    const both = reckonJoiners([ticket('a', 's1')], [stranger, page])
    expect(both).toMatchObject({ out: [stranger], alarm: true, page })
  })
})
