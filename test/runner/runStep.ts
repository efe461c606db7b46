import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root } from '../stack/paths.ts'
import {
  countPlaywright,
  countVitest,
  type Counts,
  type PlaywrightReport,
  type VitestReport,
} from './counts.ts'
import {
  playwrightFailures,
  vitestFailures,
  type Failure,
  type PlaywrightFailures,
  type VitestFailures,
} from './failures.ts'
import type { Step } from './steps.ts'

export interface Outcome extends Counts {
  readonly step: Step
  readonly seconds: number
  /** What to repeat at the end of the run. */
  readonly failures: readonly Failure[]
}

/**
 * Runs one step. A suite shows its output as it goes; that of a check is shown when it fails. Nothing a step
 * does makes this throw: a program that is missing, crashes, hangs or leaves no report counts as one failure.
 */
export async function runStep(step: Step, interrupted: AbortSignal): Promise<Outcome> {
  const started = performance.now()
  const seconds = () => Math.round((performance.now() - started) / 100) / 10
  if (step.kind === 'check') {
    const { exitCode, output } = await execute(step, interrupted)
    const passed = exitCode === 0
    console.log(`${step.group} ${step.name} … ${passed ? 'passed' : 'FAILED'} (${seconds()} s)`)
    if (!passed) console.log(`\n$ ${step.command.join(' ')}\n${output.trimEnd()}\n`)
    const failures = passed ? [] : [{ title: `${step.group} ${step.name}`, message: output }]
    return { step, passed: passed ? 1 : 0, failed: passed ? 0 : 1, seconds: seconds(), failures }
  }
  console.log(`\n${step.name}: ${step.command.slice(0, 3).join(' ')}`)
  rmSync(join(root, step.report), { force: true })
  const { exitCode, output } = await execute(step, interrupted)
  if (output !== '') console.log(output)
  const result = readResult(step, exitCode)
  console.log(`${step.name}: ${result.passed} passed, ${result.failed} failed (${seconds()} s)`)
  return { step, ...result, seconds: seconds() }
}

async function execute(
  step: Step,
  interrupted: AbortSignal,
): Promise<{ exitCode: number | null; output: string }> {
  const [program, ...rest] = step.command
  const check = step.kind === 'check'
  const child = spawn(program, rest, {
    cwd: root,
    env: {
      ...process.env,
      PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
      ...(check ? {} : step.environment),
    },
    stdio: ['ignore', check ? 'pipe' : 'inherit', check ? 'pipe' : 'inherit'],
    // A group of its own, so that whatever a hanging step has started ends with it.
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const end = (why: string) => {
    output += `\n✗ ${step.name} ${why}`
    signalGroup(child.pid, 'SIGTERM')
    setTimeout(() => signalGroup(child.pid, 'SIGKILL'), 20_000).unref()
  }
  const interrupt = () => end('was interrupted')
  interrupted.addEventListener('abort', interrupt)
  const limit = setTimeout(() => end(`did not end within ${step.minutes} minutes`), step.minutes * 60_000)
  try {
    const [exitCode] = (await once(child, 'close')) as [number | null]
    return { exitCode, output }
  } catch (error) {
    return { exitCode: null, output: `${output}\n✗ ${program} cannot be started: ${String(error)}` }
  } finally {
    clearTimeout(limit)
    interrupted.removeEventListener('abort', interrupt)
  }
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // The group has ended already.
  }
}

function readResult(
  step: Exclude<Step, { kind: 'check' }>,
  exitCode: number | null,
): Counts & Pick<Outcome, 'failures'> {
  let report: unknown
  try {
    report = JSON.parse(readFileSync(join(root, step.report), 'utf8'))
  } catch {
    const message = 'left no report: it crashed, or never began'
    console.log(`✗ ${step.name} ${message}`)
    return { passed: 0, failed: 1, failures: [{ title: step.name, message }] }
  }
  return step.kind === 'vitest'
    ? {
        ...countVitest(report as VitestReport, exitCode),
        failures: vitestFailures(report as VitestFailures),
      }
    : {
        ...countPlaywright(report as PlaywrightReport, exitCode),
        failures: playwrightFailures(report as PlaywrightFailures),
      }
}
