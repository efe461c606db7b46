/** Bottom and top of the drawing, in kbit/s. What lies outside is drawn at the edge. */
const LOWEST = 50
const HIGHEST = 200_000

export interface CurvePoint {
  readonly at: number
  readonly kbps: number | null
}

/** Where a speed lies between top (0) and bottom (100), on a logarithmic scale. */
export function height(kbps: number): number {
  const share = Math.log(Math.max(kbps, LOWEST) / LOWEST) / Math.log(HIGHEST / LOWEST)
  return Math.round((1 - Math.min(1, share)) * 1000) / 10
}

/** The way of the speeds over time as an SVG path in a square of 100, or null while there are fewer than two. */
export function curve(points: readonly CurvePoint[]): string | null {
  const known = points.filter((point): point is CurvePoint & { kbps: number } => point.kbps !== null)
  const first = known[0]
  const last = known.at(-1)
  if (first === undefined || last === undefined || known.length < 2) return null
  // A short measure fills its width; a long one too: what matters is whether it settles, not how long it took.
  const span = Math.max(1, last.at - first.at)
  const steps = known.map(
    (point) => `${(((point.at - first.at) / span) * 100).toFixed(1)} ${height(point.kbps)}`,
  )
  return `M${steps.join(' L')}`
}
