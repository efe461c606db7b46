import { parseArgs } from 'node:util'
import { ensureWebBuild } from '../stack/webBuild.ts'
import { startStack, type MediaWays, type Stack } from '../stack/stack.ts'
import { temporaryFolder } from '../stack/temporaryFolder.ts'
import { measureBandwidth } from './bandwidth.ts'
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
import { measureStores } from './stores.ts'
import { measureUnlock } from './unlock.ts'
import { measureWall } from './wall.ts'
import { ALL_WAYS, measureWays } from './ways.ts'
import { measureWeight } from './weight.ts'

/**
 * `npm run bench -- [name …] [--runs 5] [--long]`: each measure on a stack of its own, the median and the worst of its
 * runs. Nothing in them is left to chance: who acts, when, and with what is the same in every run. `--long` follows the
 * memory of the evidence measure over 20 minutes.
 */
const MEASURES: Readonly<
  Record<string, (stack: Stack, runs: number, options: { readonly long: boolean }) => Promise<Figure[]>>
> = {
  saves: measureSaves,
  'save-path': measureSavePath,
  unlock: measureUnlock,
  wall: measureWall,
  weight: measureWeight,
  evidence: measureEvidence,
  stores: measureStores,
  'slow-line': measureSlowLoad,
  bandwidth: measureBandwidth,
  check: measureCheck,
  ways: measureWays,
  incidents: measureIncidents,
  'slow-live': measureSlowLive,
  review: measureReview,
}

/** Measures that ask more of LiveKit than its usual way. */
const MEDIA: Readonly<Record<string, MediaWays>> = { ways: ALL_WAYS }

const { values, positionals: wanted } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, long: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const runs = Number(values.runs)
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
    ...(MEDIA[name] === undefined ? {} : { media: MEDIA[name] }),
    progress: () => undefined,
  })
  console.log(`\n${name}`)
  for (const figure of await measure(stack, runs, { long: values.long }))
    console.log(`  ${figureLine(figure)}`)
}
