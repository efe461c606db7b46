import type { CaseFile, ReviewComment, TrackCoverage } from '@vigie/contract/review/api'
import type { TimelineMark } from '@vigie/contract/supervision/view'
import type { Instant } from '@vigie/kernel/instant'
import { m } from '#lib/paraglide/messages.js'
import { LANE } from '#lib/supervision/eventWords.ts'
import { markWords } from '#lib/supervision/markWords.ts'
import type { Lane, Mark } from '#lib/ui/timelineScale.ts'
import type { Tone } from '#lib/ui/tone.ts'
import { CAUSE, LANE_GAPS, TRACK } from './words.ts'

/** A click on a mark goes this much before it: what led to it is what matters (look.md). */
export const BEFORE = 3_000

/** Marks of one lane closer than this share of the whole stand as one: saves come by the hundred. */
const CROWD = 1 / 120

const order = ['attempt', 'checklist', 'chat', 'flags', 'signals', 'answers', 'media'] as const

function toneOf(mark: TimelineMark): Tone {
  switch (mark.type) {
    case 'flag':
    case 'warning':
      return 'warn'
    case 'refused':
    case 'media-lost':
    case 'disconnected':
      return 'bad'
    case 'started':
    case 'unlocked':
    case 'media-back':
    case 'connected':
      return 'good'
    default:
      return mark.lane === 'signals' ? 'warn' : 'neutral'
  }
}

const labelOf = (mark: TimelineMark): string => {
  const { name, more } = markWords(mark)
  return more ? `${name} · ${more}` : name
}

/** One line of a lane's marks, crowds drawn together. */
function thinned(marks: readonly TimelineMark[], span: { from: Instant; to: Instant }): Mark[] {
  const room = (span.to - span.from) * CROWD
  const shown: Mark[] = []
  for (const [index, mark] of marks.entries()) {
    const last = shown.at(-1)
    if (mark.lane === 'answers' && last && mark.at - last.at < room) continue
    shown.push({ id: `${mark.lane}-${index}`, at: mark.at, label: labelOf(mark), tone: toneOf(mark) })
  }
  return shown
}

const commentMarks = (comments: readonly ReviewComment[]): Mark[] =>
  comments.map(({ id, at, text, author }) => ({
    id: `comment-${id}`,
    at,
    label: `${author.name} · ${text}`,
    tone: 'brand' as const,
  }))

const coverageMarks = ({ track, gaps, stretches }: TrackCoverage): Mark[] => [
  ...gaps.map((gap, index) => ({
    id: `gap-${track}-${index}`,
    at: gap.from,
    until: gap.to,
    label: m.review_gap({ track: TRACK[track](), cause: CAUSE[gap.cause]() }),
    tone: 'bad' as const,
  })),
  ...stretches
    .filter(({ attestation, superseded }) => attestation !== 'live' || superseded)
    .map((stretch, index) => ({
      id: `late-${track}-${index}`,
      at: stretch.from,
      until: stretch.to,
      label: stretch.superseded
        ? m.review_superseded({ track: TRACK[track]() })
        : m.review_unattested({ track: TRACK[track]() }),
      tone: 'warn' as const,
    })),
]

/** The lanes under the player: what happened, what was noticed, what is missing. Empty ones are left out. */
export function lanesOf(file: CaseFile): Lane[] {
  const { span } = file
  if (!span) return []
  const inside = file.marks.filter((mark) => mark.at >= span.from && mark.at <= span.to)
  return [
    ...order.map((lane) => ({
      id: lane,
      label: LANE[lane](),
      marks: thinned(
        inside.filter((mark) => mark.lane === lane),
        span,
      ),
    })),
    { id: 'comments', label: m.review_lane_comments(), marks: commentMarks(file.comments) },
    ...file.tracks.map((coverage) => ({
      id: `gaps-${coverage.track}`,
      label: LANE_GAPS[coverage.track](),
      marks: coverageMarks(coverage),
    })),
  ].filter(({ marks }) => marks.length > 0)
}
