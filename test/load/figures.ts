import { loadavg } from 'node:os'

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
  /** What it should reach: here more is better, and the worst run is the lowest. */
  readonly atLeast?: number
}

const shown = (value: number): string =>
  Number.isNaN(value) ? '–' : value >= 100 ? String(Math.round(value)) : value.toFixed(value < 1 ? 3 : 1)

/** Median and worst of the runs, one line a figure. */
export function figureLine({ name, unit, runs, goal, atLeast }: Figure): string {
  const median = percentile(runs, 0.5)
  const worst = atLeast === undefined ? Math.max(...runs) : Math.min(...runs)
  const word = (met: boolean) => (met ? 'met' : 'MISSED')
  const against =
    atLeast !== undefined
      ? `   goal ≥ ${atLeast} ${unit}: ${word(worst >= atLeast)}`
      : goal !== undefined
        ? `   goal < ${goal} ${unit}: ${word(worst < goal)}`
        : ''
  return `${name.padEnd(58)} median ${shown(median).padStart(7)} ${unit}, worst ${shown(worst).padStart(7)} ${unit}${against}`
}

/**
 * Runs a measure several times, says before each how loaded the machine is, and puts the values of each figure side by
 * side. Every run must give the same figures in the same order.
 */
export async function inRuns(
  runs: number,
  measure: (run: number) => Promise<readonly Figure[]>,
): Promise<Figure[]> {
  const results: (readonly Figure[])[] = []
  for (let run = 0; run < runs; run += 1) {
    console.log(`  · run ${run + 1} of ${runs}, load ${loadavg()[0]?.toFixed(1)}`)
    results.push(await measure(run))
  }
  return (results[0] ?? []).map((figure, index) => ({
    ...figure,
    runs: results.flatMap((result) => result[index]?.runs ?? []),
  }))
}
