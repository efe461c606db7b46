/** The value below which a share of the samples lies; samples need not be sorted. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

export interface Figure {
  readonly name: string
  readonly unit: string
  /** One value for each run. */
  readonly runs: readonly number[]
  /** What it should stay under, where the issue names a goal. */
  readonly goal?: number
}

const shown = (value: number): string =>
  Number.isNaN(value) ? '–' : value >= 100 ? String(Math.round(value)) : value.toFixed(1)

/** Median and worst of the runs, one line a figure. */
export function figureLine({ name, unit, runs, goal }: Figure): string {
  const median = percentile(runs, 0.5)
  const worst = Math.max(...runs)
  const against = goal === undefined ? '' : `   goal < ${goal} ${unit}: ${worst < goal ? 'met' : 'MISSED'}`
  return `${name.padEnd(58)} median ${shown(median).padStart(7)} ${unit}, worst ${shown(worst).padStart(7)} ${unit}${against}`
}
