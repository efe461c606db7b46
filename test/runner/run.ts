import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../stack/paths.ts'
import { sweepAbandoned } from '../stack/temporaryFolder.ts'
import { inBrief } from './failures.ts'
import { runStep, type Outcome } from './runStep.ts'
import { results, steps, type Step } from './steps.ts'

/**
 * `npm test`: every step in turn, a failed one does not stop the next. `npm test -- types e2e` runs only these
 * groups. The last line is the sum of everything.
 */

const wanted = process.argv.slice(2)
const groups = [...new Set(steps.map(({ group }) => group))]
const unknown = wanted.filter((group) => !groups.includes(group))
if (unknown.length > 0) {
  console.error(`✗ there is no ${unknown.join(', ')} here\n  What to do: choose among ${groups.join(', ')}`)
  process.exitCode = 1
} else {
  await runAll()
}

async function runAll(): Promise<void> {
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interruption.abort())
  }
  mkdirSync(join(root, results), { recursive: true })
  const started = performance.now()
  const outcomes: Outcome[] = []
  const chosen = steps.filter(({ group }) => wanted.length === 0 || wanted.includes(group))
  const [first, ...checks] = chosen.filter(({ kind }) => kind === 'check')
  const suites = chosen.filter(({ kind }) => kind !== 'check')
  // The first writes what the others read. A check keeps one core busy, so two go side by side; a suite has the machine.
  await runAllOf(first ? [first] : [], 1)
  await runAllOf(checks, 2)
  await runAllOf(suites, 1)
  async function runAllOf(these: readonly Step[], lanes: number): Promise<void> {
    const left = [...these]
    const lane = async () => {
      for (let step = left.shift(); step && !interruption.signal.aborted; step = left.shift())
        outcomes.push(await runStep(step, interruption.signal))
    }
    await Promise.all(Array.from({ length: lanes }, lane))
  }
  // A suite that had to be ended may have left its stack behind.
  await sweepAbandoned()

  const minutes = (performance.now() - started) / 60_000
  const failing = outcomes.filter(({ failed }) => failed > 0)
  if (failing.length > 0) console.log('\nWhat failed, once more:\n')
  for (const failure of failing.flatMap(({ failures }) => failures)) console.log(`${inBrief(failure)}\n`)
  console.log(`\n${outcomes.length} steps in ${minutes.toFixed(1)} min`)
  for (const { step, seconds } of outcomes.filter((one) => one.seconds >= 20))
    console.log(
      `  ${`${seconds.toFixed(0)} s`.padStart(6)}  ${step.group === step.name ? '' : `${step.group} `}${step.name}`,
    )
  for (const { step, passed, failed } of failing) {
    console.log(
      `✗ ${step.group === step.name ? '' : `${step.group} `}${step.name}: ${passed} passed, ${failed} failed`,
    )
  }
  const [passed, failed] = [sum(outcomes, 'passed'), sum(outcomes, 'failed')]
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 || interruption.signal.aborted ? 1 : 0
}

function sum(outcomes: readonly Outcome[], what: 'passed' | 'failed'): number {
  return outcomes.reduce((total, outcome) => total + outcome[what], 0)
}
