/** What one sample of a sender's statistics says, summed over its streams. */
export interface SendingSample {
  readonly loss: number | null
  readonly roundTrip: number | null
  readonly frames: number | null
}

/** The parts of WebRTC's statistics that are read here; browsers give more. */
interface OutboundStat {
  readonly type: 'outbound-rtp'
  readonly ssrc: number
  readonly kind: string
  readonly timestamp: number
  readonly packetsSent?: number
  readonly framesPerSecond?: number
  readonly contentType?: string
  /** Whether this layer is to be sent at all. */
  readonly active?: boolean
}
interface RemoteStat {
  readonly type: 'remote-inbound-rtp'
  readonly ssrc: number
  readonly timestamp: number
  readonly fractionLost?: number
  readonly roundTripTime?: number
}
type Stat = OutboundStat | RemoteStat | { readonly type: 'other' }

/** The other side reports every second or so; sent packets without a report for this long are lost, in milliseconds. */
const REPORT_PATIENCE = 8_000

/** Reads loss, round trip and frames from the statistics of all senders, sample after sample. */
export function createSendingReader() {
  const sentBefore = new Map<number, number>()
  /** When each stream was last seen to send nothing: what was reported before says nothing of now. */
  const quietAt = new Map<number, number>()

  return (reports: readonly Iterable<readonly [string, unknown]>[], resting: boolean): SendingSample => {
    const stats = reports.flatMap((report) => [...report].map(([, stat]) => stat as Stat))
    const remotes = stats.filter((stat) => stat.type === 'remote-inbound-rtp')
    let weighed = 0
    let lost = 0
    let roundTrip: number | null = null
    let frames: number | null = null
    for (const stat of stats) {
      if (stat.type !== 'outbound-rtp') continue
      const sent = stat.packetsSent ?? 0
      const fresh = sent - (sentBefore.get(stat.ssrc) ?? 0)
      sentBefore.set(stat.ssrc, sent)
      const film = stat.kind === 'video' && stat.contentType !== 'screenshare' && stat.active !== false
      if (film && stat.framesPerSecond !== undefined) frames = Math.max(frames ?? 0, stat.framesPerSecond)
      if (fresh <= 0) quietAt.set(stat.ssrc, stat.timestamp)
      const remote = remotes.find(({ ssrc }) => ssrc === stat.ssrc)
      if (!remote || fresh <= 0) continue
      const quiet = quietAt.get(stat.ssrc) ?? 0
      const stale = stat.timestamp - Math.max(remote.timestamp, quiet) > REPORT_PATIENCE
      if (!stale && remote.timestamp < quiet) continue
      weighed += fresh
      lost += fresh * (stale ? 1 : (remote.fractionLost ?? 0))
      if (remote.roundTripTime !== undefined && !stale)
        roundTrip = Math.max(roundTrip ?? 0, remote.roundTripTime * 1_000)
    }
    return { loss: weighed > 0 ? lost / weighed : null, roundTrip, frames: resting ? null : frames }
  }
}
