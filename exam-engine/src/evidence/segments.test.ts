import { describe, expect, it } from 'vitest'
import { digest } from '../attempt/ids.ts'
import { dayIn } from '../attempt/testDay.ts'
import { gapsOf } from './gaps.ts'
import { endedAt, endsAt } from './retention.ts'
import { isAttestedLive, judgeBytes, judgeCommit, type SegmentCommit, type StreamHead } from './segments.ts'

const hash = (number: number) => digest.parse(String(number).padStart(64, '0'))
const EMPTY: StreamHead = { last: null, same: null, destroyedAt: null }
const commit = (number: number, more: Partial<SegmentCommit> = {}): SegmentCommit => ({
  number,
  digest: hash(number),
  previous: number === 1 ? null : hash(number - 1),
  bytes: 90_000,
  from: number * 4_000,
  to: number * 4_000 + 4_000,
  ...more,
})
/** Long after all of these. */
const NOW = 1_000_000
const judge = (head: StreamHead, one: SegmentCommit, now = NOW) => judgeCommit(head, one, now)
const after = (number: number): StreamHead => ({ ...EMPTY, last: { number, digest: hash(number) } })

describe('segments', () => {
  it('[EVD-03.1] follow each other by number and digest', () => {
    expect(judge(EMPTY, commit(1))).toEqual({ ok: true, value: 'new' })
    expect(judge(after(1), commit(2))).toEqual({ ok: true, value: 'new' })
    expect(judge(after(1), commit(3))).toEqual({ ok: false, refusal: 'segment-out-of-order' })
    expect(judge(after(1), commit(2, { previous: hash(9) }))).toEqual({
      ok: false,
      refusal: 'segment-chain',
    })
    expect(judge(EMPTY, commit(1, { previous: hash(9) }))).toEqual({
      ok: false,
      refusal: 'segment-chain',
    })
  })

  it('[EVD-03.1] a repeat is acknowledged, another digest under a known number is a conflict', () => {
    const head = { ...after(5), same: { digest: hash(3) } }
    expect(judge(head, commit(3))).toEqual({ ok: true, value: 'repeat' })
    expect(judge(head, commit(3, { digest: hash(8) }))).toEqual({
      ok: false,
      refusal: 'segment-conflict',
    })
  })

  it.each([
    ['segment-size', { bytes: 0 }],
    ['segment-size', { bytes: 8 * 1024 * 1024 + 1 }],
    ['segment-size', { bytes: 1.5 }],
    ['segment-time', { to: 4_000 }],
    ['segment-time', { to: 64_001 }],
    ['segment-time', { to: Number.NaN }],
  ] as const)('[EVD-03.1] %s: %o', (refusal, more) => {
    expect(judge(EMPTY, commit(1, more))).toEqual({ ok: false, refusal })
  })

  it('[RET-01.1] nothing is taken in after the tombstone', () => {
    const head = { ...EMPTY, destroyedAt: 1 }
    expect(judge(head, commit(1))).toEqual({ ok: false, refusal: 'evidence-destroyed' })
  })

  it('[EVD-03.1] bytes must match their commit', () => {
    expect(judgeBytes(commit(1), { digest: hash(1), bytes: 90_000 })).toEqual({ ok: true, value: 'accepted' })
    for (const received of [
      { digest: hash(2), bytes: 90_000 },
      { digest: hash(1), bytes: 89_999 },
    ]) {
      expect(judgeBytes(commit(1), received)).toEqual({ ok: false, refusal: 'segment-mismatch' })
    }
  })

  it('[EVD-03.2] nobody promises the future, and what claims to be from there is not attested live', () => {
    const { to } = commit(1)
    expect(judge(EMPTY, commit(1), to - 5_000)).toEqual({ ok: true, value: 'new' })
    expect(judge(EMPTY, commit(1), to - 5_001)).toEqual({ ok: false, refusal: 'segment-time' })
    expect(judge({ ...after(1), same: { digest: hash(1) } }, commit(1), 0)).toEqual({
      ok: true,
      value: 'repeat',
    })
    expect(isAttestedLive({ to }, to - 5_000)).toBe(true)
    expect(isAttestedLive({ to }, to - 5_001)).toBe(false)
  })

  it('[EVD-03.2] what was committed soon after its end counts as attested live', () => {
    expect(isAttestedLive({ to: 1_000 }, 16_000)).toBe(true)
    expect(isAttestedLive({ to: 1_000 }, 16_001)).toBe(false)
  })
})

describe('gaps', () => {
  const segment = (from: number, to: number, received = true) => ({ from, to, received })
  const span = { from: 0, to: 20_000 }

  it('[EVD-01.1] a covered stretch has none, whatever the order and overlap of segments', () => {
    const segments = [
      segment(12_000, 20_100),
      segment(0, 4_000),
      segment(4_300, 12_200),
      segment(3_900, 8_000),
    ]
    expect(gapsOf(span, segments, [])).toEqual([])
  })

  it('[EVD-01.1] each hole has the cause that covers most of it', () => {
    const segments = [segment(4_000, 8_000), segment(8_000, 12_000, false), segment(12_000, 14_000)]
    const circumstances = [
      { cause: 'disconnected', from: 0, to: 1_000 },
      { cause: 'media-lost', from: 500, to: 4_000 },
    ] as const
    expect(gapsOf(span, segments, circumstances)).toEqual([
      { from: 0, to: 4_000, cause: 'media-lost' },
      { from: 8_000, to: 12_000, cause: 'not-received' },
      { from: 14_000, to: 20_000, cause: 'unknown' },
    ])
  })

  it('[EVD-01.1] what still goes on explains the end', () => {
    const circumstances = [{ cause: 'platform-outage', from: 3_000, to: null }] as const
    expect(gapsOf(span, [], circumstances)).toEqual([{ from: 0, to: 20_000, cause: 'platform-outage' }])
  })

  it('[EVD-01.1] segments outside the stretch do not matter', () => {
    const segments = [segment(-8_000, -4_000), segment(-1_000, 20_000), segment(30_000, 40_000)]
    expect(gapsOf(span, segments, [])).toEqual([])
  })
})

describe('retention', () => {
  const SIX_WEEKS = 42 * 86_400_000

  it('[RET-01.1] six weeks from the end, not from sealing or voiding', () => {
    const sealed = dayIn('sealed').in('sealed')
    for (const state of [sealed, dayIn('voided').in('voided')]) {
      expect(endsAt('recording', endedAt(state) ?? 0)).toBe(sealed.closing.at + SIX_WEEKS)
    }
  })

  it('[RET-01.1] an attempt never finished has no end to count from: its last activity does', () => {
    for (const status of [
      'scheduled',
      'preparing',
      'waiting',
      'checking',
      'unlocked',
      'running',
      'held',
    ] as const) {
      expect(endedAt(dayIn(status).in(status))).toBeNull()
    }
    expect(endsAt('recording', 1_000)).toBe(1_000 + SIX_WEEKS)
    for (const status of ['no-show', 'refused', 'cancelled', 'closed'] as const) {
      expect(endedAt(dayIn(status).in(status)), status).toBeGreaterThan(0)
    }
  })
})
