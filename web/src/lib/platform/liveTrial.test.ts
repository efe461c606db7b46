import { describe, expect, it } from 'vitest'
import { accountOf } from './liveTrial.ts'

const NOTHING = { way: null, relay: null, lossShare: null, roundTripMs: null }
type Stats = Parameters<typeof accountOf>[0]
const report = (...stats: readonly { id: string; type: string; [name: string]: unknown }[]) =>
  new Map(stats.map((stat) => [stat.id, stat])) as unknown as Stats

const candidate = (id: string, protocol: string, candidateType = 'host') => ({
  id,
  type: 'local-candidate',
  protocol,
  candidateType,
})
const pair = (id: string, localCandidateId: string, nominated: boolean) => ({
  id,
  type: 'candidate-pair',
  localCandidateId,
  nominated,
  state: nominated ? 'succeeded' : 'waiting',
})

describe('[CHK-06] the way that media take', () => {
  it('[CHK-06] is that of the pair the transport has chosen', () => {
    const told = report(
      { id: 't', type: 'transport', selectedCandidatePairId: 'p2' },
      candidate('c1', 'udp'),
      candidate('c2', 'tcp'),
      pair('p1', 'c1', true),
      pair('p2', 'c2', true),
    )
    expect(accountOf(told, NOTHING).way).toBe('tcp')
  })

  it('[CHK-06] where no transport is told of, that of the pair that was agreed on: UDP is not blocked for it', () => {
    const told = report(
      candidate('c1', 'tcp'),
      candidate('c2', 'udp'),
      pair('p1', 'c1', false),
      pair('p2', 'c2', true),
    )
    expect(accountOf(told, NOTHING).way).toBe('udp')
    expect(accountOf(report(candidate('c', 'udp', 'relay'), pair('p', 'c', true)), NOTHING).way).toBe('turn')
  })

  it.each(['udp', 'tcp', 'tls'] as const)(
    '[CHK-06] a relay is told apart by how it is reached: %s',
    (relay) => {
      const told = report({ ...candidate('c', 'udp', 'relay'), relayProtocol: relay }, pair('p', 'c', true))
      expect(accountOf(told, NOTHING)).toMatchObject({ way: 'turn', relay })
    },
  )

  it('[CHK-06] what comes out of a relay says nothing of how it is reached', () => {
    const told = report(candidate('c', 'udp', 'relay'), pair('p', 'c', true))
    expect(accountOf(told, NOTHING)).toMatchObject({ way: 'turn', relay: null })
  })

  it.each([
    ['nothing', 80, 0, 0, 0],
    ['what never came', 80, 0, 8, 0.1],
    ['what was sent again in time', 90, 10, 1, 0.125],
    ['what came twice', 80, 0, -3, 0],
    ['all of it', 40, 20, 60, 1],
  ])('[CHK-06] counts as lost %s', (_what, packetsSent, retransmittedPacketsSent, packetsLost, lossShare) => {
    const told = report(
      { id: 'o', type: 'outbound-rtp', packetsSent, retransmittedPacketsSent },
      { id: 'r', type: 'remote-inbound-rtp', packetsLost },
    )
    expect(accountOf(told, NOTHING)).toMatchObject({ lossShare })
  })

  it('[CHK-06] says nothing of loss before anything was sent, or the other side has spoken', () => {
    const out = { id: 'o', type: 'outbound-rtp', packetsSent: 0 }
    const told = { id: 'r', type: 'remote-inbound-rtp', packetsLost: 0 }
    expect(accountOf(report(out, told), NOTHING).lossShare).toBeNull()
    expect(accountOf(report({ ...out, packetsSent: 9 }), NOTHING).lossShare).toBeNull()
  })

  it('[CHK-06] what is not told this time is what was told before', () => {
    expect(accountOf(report(), { way: 'udp', relay: null, lossShare: 0.1, roundTripMs: 20 })).toEqual({
      way: 'udp',
      relay: null,
      lossShare: 0.1,
      roundTripMs: 20,
    })
  })
})
