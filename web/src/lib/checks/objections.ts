import type { Remedy } from '@vigie/checks/verdict/causes'
import type { Reading } from '@vigie/checks/verdict/reading'
import type { ItemVerdict } from '@vigie/checks/verdict/verdict'

type ObjectedReading = Exclude<Reading, { readonly verdict: 'pass' }>

/** Everything one remedy answers, said in one notice. */
export interface Objection {
  readonly verdict: ObjectedReading['verdict']
  readonly remedy: Remedy
  readonly readings: readonly ObjectedReading[]
}

/** What keeps a line from passing: the readings as grave as its verdict, those of one remedy together. */
export function objectionsOf(line: ItemVerdict): readonly Objection[] {
  const grave = line.readings.filter(
    (reading): reading is ObjectedReading => reading.verdict !== 'pass' && reading.verdict === line.verdict,
  )
  const groups = Map.groupBy(grave, (reading) => reading.remedy)
  return [...groups].map(([remedy, readings]) => ({
    verdict: readings[0]?.verdict ?? 'fail',
    remedy,
    readings,
  }))
}
