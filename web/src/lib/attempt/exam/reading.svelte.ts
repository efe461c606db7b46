import { readStored, writeStored } from '#lib/platform/storage.ts'

const LAYOUT = 'vigie.exam.layout'
const TEXT = 'vigie.exam.text'

/** How this person reads the exam: one question or a whole part at once, text as it is or larger [ATT-10], [ATT-11]. */
export class Reading {
  wholePart = $state(readStored(LAYOUT, 'tab') === 'part')
  larger = $state(false)

  /** `granted`: larger text was declared before the exam; the person may still choose otherwise. */
  constructor(granted: boolean) {
    const chosen = readStored(TEXT, 'tab')
    this.larger = chosen === null ? granted : chosen === 'larger'
  }

  showWholePart(on: boolean): void {
    this.wholePart = on
    writeStored(LAYOUT, on ? 'part' : 'question', 'tab')
  }

  enlarge(on: boolean): void {
    this.larger = on
    writeStored(TEXT, on ? 'larger' : 'usual', 'tab')
  }
}
