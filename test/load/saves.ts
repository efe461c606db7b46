import type { Stack } from '../stack/stack.ts'
import { inRuns, type Figure } from './figures.ts'
import { ackFigures, emptySample, openPages, spreadOver } from './savingPages.ts'

const CANDIDATES = 200
const SECONDS = 10

/** Acknowledgement of a draft with 200 connected candidates, each saving every second: far oftener than a hand can answer. */
export async function measureSaves(stack: Stack, runs: number): Promise<Figure[]> {
  const pages = await openPages(stack, CANDIDATES, 'running')
  try {
    return await inRuns(runs, async () => {
      const sample = emptySample()
      for (let second = 0; second < SECONDS; second += 1) {
        await spreadOver(pages, 1_000, (page) => page.save(sample))
      }
      return ackFigures(`draft save, ${CANDIDATES} candidates each second`, sample)
    })
  } finally {
    for (const page of pages) page.close()
  }
}
