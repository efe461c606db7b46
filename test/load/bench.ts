import { ensureWebBuild } from '../stack/webBuild.ts'
import { startStack, type Stack } from '../stack/stack.ts'
import { temporaryFolder } from '../stack/temporaryFolder.ts'
import { measureEvidence } from './evidence.ts'
import { figureLine, type Figure } from './figures.ts'
import { measureCheck } from './checkTime.ts'
import { machineLine } from './machine.ts'
import { measureSavePath } from './savePath.ts'
import { measureIncidents } from './incidents.ts'
import { measureReview } from './review.ts'
import { measureSaves } from './saves.ts'
import { measureSlowLive } from './slowLive.ts'
import { measureSlowLoad } from './slowLoad.ts'
import { measureUnlock } from './unlock.ts'
import { measureWall } from './wall.ts'

/** `npm run bench [name …]`: each measure on a stack of its own, 5 runs, the median and the worst. */
const MEASURES: Readonly<Record<string, (stack: Stack, runs: number) => Promise<Figure[]>>> = {
  saves: measureSaves,
  'save-path': measureSavePath,
  unlock: measureUnlock,
  wall: measureWall,
  evidence: measureEvidence,
  'slow-line': measureSlowLoad,
  check: measureCheck,
  incidents: measureIncidents,
  'slow-live': measureSlowLive,
  review: measureReview,
}

const RUNS = 5

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in MEASURES))
if (unknown.length > 0) {
  console.error(`no such measure: ${unknown.join(', ')}. There are: ${Object.keys(MEASURES).join(', ')}`)
  process.exit(2)
}

console.log(machineLine())
await ensureWebBuild((line) => console.log(`· ${line}`))
for (const [name, measure] of Object.entries(MEASURES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  await using folder = await temporaryFolder()
  await using stack = await startStack({
    folder: folder.path,
    seed: true,
    ports: 'free',
    restarts: false,
    progress: () => undefined,
  })
  console.log(`\n${name}`)
  for (const figure of await measure(stack, RUNS)) console.log(`  ${figureLine(figure)}`)
}
