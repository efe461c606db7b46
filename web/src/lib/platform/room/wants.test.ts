import { describe, expect, it } from 'vitest'
import type { RemoteTrack } from './participants.ts'
import { Wants } from './wants.ts'

const trackOf = (sid: string) => ({ sid, media: {} }) as RemoteTrack

describe('what a watcher wants of a room', () => {
  const watch = () => {
    const told: string[] = []
    const wants = new Wants(
      ({ sid }, quality) => told.push(`${sid} ${quality}`),
      () => told.push('released'),
    )
    return { told, wants }
  }

  it('[SUP-01] a looker that leaves while another comes never lets go of the picture', async () => {
    const { told, wants } = watch()
    const track = trackOf('TR_1')
    wants.want(track, 'low')
    await Promise.resolve()
    wants.want(track, 'off')
    wants.want(track, 'low')
    await Promise.resolve()
    expect(told).toEqual(['TR_1 low'])
    expect(track.media).not.toBeNull()
    wants.want(track, 'off')
    wants.want(track, 'high')
    await Promise.resolve()
    expect(told).toEqual(['TR_1 low', 'TR_1 high'])
  })

  it('[SUP-01] what is covered for a while is kept and paused; what was never received is not fetched for that', async () => {
    const { told, wants } = watch()
    const [received, never] = [trackOf('TR_1'), { ...trackOf('TR_2'), media: null }]
    wants.want(received, 'low')
    await Promise.resolve()
    wants.want(received, 'paused')
    wants.want(never, 'paused')
    await Promise.resolve()
    expect(told).toEqual(['TR_1 low', 'TR_1 paused', 'TR_2 off', 'released'])
    expect(received.media).not.toBeNull()
    wants.want(received, 'low')
    wants.want(never, 'low')
    await Promise.resolve()
    expect(told.slice(4)).toEqual(['TR_1 low', 'TR_2 low'])
  })

  it('[SUP-01] what nobody looks at is released, and everything is said again after a cut', async () => {
    const { told, wants } = watch()
    const track = trackOf('TR_1')
    wants.want(track, 'high')
    await Promise.resolve()
    wants.want(track, 'off')
    await Promise.resolve()
    expect(track.media).toBeNull()
    wants.want(trackOf('TR_2'), 'low')
    await Promise.resolve()
    told.length = 0
    wants.again()
    expect(told).toEqual(['TR_1 off', 'TR_2 low', 'released'])
  })

  it('[SUP-01] after a cut what is paused is paused again, and what changed while nobody listened is told', async () => {
    const { told, wants } = watch()
    const [paused, shown] = [trackOf('TR_1'), trackOf('TR_2')]
    wants.want(paused, 'paused')
    wants.want(shown, 'paused')
    await Promise.resolve()
    // As while signalling is away: it is said, and nobody hears it.
    wants.want(shown, 'low')
    await Promise.resolve()
    told.length = 0
    wants.again()
    expect(told).toEqual(['TR_1 paused', 'TR_2 low'])
    expect(paused.media).not.toBeNull()
  })
})
