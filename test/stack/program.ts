import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { SetUpFailure, type Progress } from './failure.ts'
import { endOrphan, recordPath, removeRecord, writeRecord } from './runRecord.ts'

/** How to start one program of the stack and to know that it is ready. */
export interface ProgramSpec {
  /** Short and fixed: names the run record and the log file. */
  readonly name: string
  /** The stack's folder; the run record goes below it. */
  readonly folder: string
  readonly logFile: string
  readonly command: string
  readonly arguments: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  readonly uid?: number
  readonly gid?: number
  /** Sent one after the other, `patienceMs` apart, until the program has ended. */
  readonly stopSignals: readonly NodeJS.Signals[]
  readonly patienceMs: number
  /** Done before every start, after an orphan of an earlier run was ended. */
  readonly beforeStart?: () => Promise<void>
  /** Whether the program is at work; asked every 25 to 250 ms after a start. */
  readonly isReady: (pid: number) => boolean | Promise<boolean>
  readonly readyWithinMs: number
  /** Start it again, with growing pauses, when it ends by itself. */
  readonly restarts: boolean
  readonly progress: Progress
}

const shortestPauseMs = 250
const longestPauseMs = 10_000
/** A program that lived this long was well: the next pause is the shortest again. */
const steadyAfterMs = 30_000
const rotateLogAt = 8 * 1024 * 1024

/**
 * One supervised program. It runs in a session of its own, so that Ctrl-C in the terminal reaches only the
 * supervisor, which then stops the programs in order; it writes to a file, so that it outlives a killed
 * supervisor unharmed until the next start finds it by its run record.
 */
export class Program {
  readonly #spec: ProgramSpec
  #child: ChildProcess | undefined
  #starting: Promise<void> | undefined
  #wanted = false
  #abandonPause: AbortController | undefined
  #pauseMs = shortestPauseMs

  constructor(spec: ProgramSpec) {
    this.#spec = spec
  }

  /** The process number while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /**
   * Starts the program and resolves when it is ready. Does nothing when it runs already.
   * @throws SetUpFailure when it ends or is not ready in time; its last log lines are in the message.
   */
  async start(): Promise<void> {
    this.#wanted = true
    this.#abandonPause?.abort()
    this.#starting ??= this.#launch().finally(() => (this.#starting = undefined))
    try {
      await this.#starting
    } catch (error) {
      this.#wanted = false
      throw error
    }
  }

  /** Asks the program to stop and resolves when it has ended. Does nothing when it does not run. */
  async stop(): Promise<void> {
    await this.#end(this.#spec.stopSignals)
  }

  /** Ends the program at once with SIGKILL, as a crash or a power cut would; nothing starts it but start(). */
  async kill(): Promise<void> {
    await this.#end(['SIGKILL'])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #end(signals: readonly NodeJS.Signals[]): Promise<void> {
    this.#wanted = false
    this.#abandonPause?.abort()
    const child = this.#child
    if (child !== undefined && !hasEnded(child)) {
      const ended = once(child, 'exit')
      for (const signal of [...signals, 'SIGKILL' as const]) {
        if (hasEnded(child)) break
        child.kill(signal)
        await Promise.race([ended, pause(this.#spec.patienceMs, undefined, { ref: false })])
      }
      await ended
    }
    if (child !== undefined) this.#forget(child)
    // A start under way notices and gives up; whoever asked for it is told so.
    await this.#starting?.catch(() => undefined)
  }

  async #launch(): Promise<void> {
    if (this.#child !== undefined) return
    const spec = this.#spec
    const record = recordPath(spec.folder, spec.name)
    if (await endOrphan(record, spec.patienceMs))
      spec.progress(`${spec.name}: ended one left by an earlier run`)
    await spec.beforeStart?.()
    this.#refuseUnwanted()
    const logFrom = beginLog(spec.logFile)
    const log = openSync(spec.logFile, 'a', 0o600)
    const child = spawn(spec.command, spec.arguments, {
      env: spec.environment,
      stdio: ['ignore', log, log],
      detached: true,
      ...(spec.uid === undefined ? {} : { uid: spec.uid }),
      ...(spec.gid === undefined ? {} : { gid: spec.gid }),
    })
    closeSync(log)
    this.#child = child
    child.on('exit', (code, signal) => this.#ended(child, code, signal))
    child.on('error', (error) => spec.progress(`${spec.name}: ${error.message}`))
    try {
      await once(child, 'spawn')
      if (child.pid !== undefined) writeRecord(record, child.pid, spec.stopSignals)
      await this.#untilReady(child, logFrom)
    } catch (error) {
      this.#child = undefined
      if (!hasEnded(child)) child.kill('SIGKILL')
      removeRecord(record)
      if (error instanceof SetUpFailure) throw error
      throw new SetUpFailure(
        `${spec.name} cannot be started: ${error instanceof Error ? error.message : String(error)}`,
        `check that ${spec.command} exists and may be executed`,
        { cause: error },
      )
    }
  }

  async #untilReady(child: ChildProcess, logFrom: number): Promise<void> {
    const { name, logFile, readyWithinMs, isReady } = this.#spec
    const deadline = performance.now() + readyWithinMs
    for (let wait = 25; ; wait = Math.min(wait * 1.3, 250)) {
      this.#refuseUnwanted()
      if (hasEnded(child)) {
        const how = child.signalCode ?? `code ${child.exitCode}`
        throw new SetUpFailure(
          `${name} ended while starting (${how}):\n${logSince(logFile, logFrom)}`,
          `read the lines above; the whole log is ${logFile}`,
        )
      }
      if (child.pid !== undefined && (await isReady(child.pid))) return
      if (performance.now() > deadline) {
        throw new SetUpFailure(
          `${name} was not ready after ${readyWithinMs / 1000} s:\n${logSince(logFile, logFrom)}`,
          `read the lines above; the whole log is ${logFile}`,
        )
      }
      await pause(wait)
    }
  }

  #refuseUnwanted(): void {
    if (this.#wanted) return
    throw new SetUpFailure(`${this.#spec.name} was stopped while starting`, 'start it again')
  }

  #forget(child: ChildProcess): void {
    if (this.#child !== child) return
    this.#child = undefined
    removeRecord(recordPath(this.#spec.folder, this.#spec.name))
  }

  #ended(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): void {
    // A start under way reports the end itself; a stop under way expects it.
    if (this.#child !== child || this.#starting !== undefined || !this.#wanted) return
    this.#forget(child)
    const { name, logFile, progress } = this.#spec
    const how = `${name} ended by itself (${signal ?? `code ${code}`}), see ${logFile}`
    if (!this.#spec.restarts) {
      this.#wanted = false
      progress(how)
      return
    }
    void this.#startAgain(how)
  }

  async #startAgain(how: string): Promise<void> {
    const { name, progress } = this.#spec
    for (let why = how; this.#wanted;) {
      progress(`${why}; starting again in ${this.#pauseMs / 1000} s`)
      const abandon = new AbortController()
      this.#abandonPause = abandon
      try {
        await pause(this.#pauseMs, undefined, { signal: abandon.signal })
      } catch {
        return
      }
      this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs)
      try {
        this.#starting ??= this.#launch().finally(() => (this.#starting = undefined))
        await this.#starting
        progress(`${name} is back`)
        const child = this.#child
        setTimeout(() => {
          if (this.#child === child) this.#pauseMs = shortestPauseMs
        }, steadyAfterMs).unref()
        return
      } catch (error) {
        // The lines of its log stay in its log: this may happen many times.
        const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
        why = `${first.replace(/:$/, '')}, see ${this.#spec.logFile}`
      }
    }
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** Puts a log that has grown too long aside; returns where the new lines will begin. */
function beginLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true })
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size < rotateLogAt) return size
  renameSync(file, `${file}.previous`)
  return 0
}

function logSince(file: string, from: number): string {
  const lines = readFileSync(file).subarray(from).toString('utf8').trimEnd().split('\n')
  return lines
    .slice(-25)
    .map((line) => `    ${line}`)
    .join('\n')
}
