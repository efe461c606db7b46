import type { Remedy } from '@vigie/checks/verdict/causes'
import { isObjected, type ObjectedReading } from '@vigie/checks/verdict/reading'
import type { ItemVerdict } from '@vigie/checks/verdict/verdict'

/** Everything one remedy answers, said in one notice. */
export interface Objection {
  readonly verdict: ObjectedReading['verdict']
  readonly remedy: Remedy
  readonly readings: readonly ObjectedReading[]
}

const ORDER = ['fail', 'unknown', 'warn'] as const

/** Everything that is said against a line, the gravest first; what is as grave and has one remedy is said together. */
export function objectionsOf(line: ItemVerdict): readonly Objection[] {
  const objected = line.readings.filter(isObjected)
  return ORDER.flatMap((verdict) => {
    const grave = objected.filter((reading) => reading.verdict === verdict)
    const groups = Map.groupBy(grave, (reading) => reading.remedy)
    return [...groups].map(([remedy, readings]) => ({ verdict, remedy, readings }))
  })
}

/** The network keeps something back: what an IT department must know is shown. */
export const asksItDepartment = (lines: readonly ItemVerdict[]): boolean =>
  lines.some((line) => objectionsOf(line).some(({ remedy }) => remedy === 'ask-it-department'))
