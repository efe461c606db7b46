import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { SetUpFailure, type Progress } from './failure.ts'
import { postgresAccount, type PostgresAccount } from './postgresAccount.ts'
import { postgresBinaries, type PostgresBinaries } from './postgresBinaries.ts'
import { commandLineOf, endProcess, identify } from './processIdentity.ts'
import { Program } from './program.ts'

/** A PostgreSQL server to create databases on, embedded or given. */
export interface Postgres extends AsyncDisposable {
  /** The address of one of its databases, password included. */
  url(database: string): string
  start(): Promise<void>
  stop(): Promise<void>
  /** SIGKILL, as a crash would; a given server is left alone. */
  kill(): Promise<void>
}

export interface PostgresOptions {
  /** The stack's folder: the cluster lies in `postgres/`, the log beside it. */
  readonly folder: string
  readonly port: number
  /** `throwaway` skips waiting for the disk: for tests whose data nobody reads after a power cut. */
  readonly durability: 'full' | 'throwaway'
  readonly restarts: boolean
  readonly progress: Progress
}

const run = promisify(execFile)
const user = 'vigie'
/** Asks politely (fast shutdown), then firmly (immediate shutdown; the next start recovers). */
const stopSignals = ['SIGINT', 'SIGQUIT'] as const

/**
 * Prepares an embedded PostgreSQL 18 on the loopback address; start() it to use it. Text is UTF-8 and compared
 * by code point, alike on every machine; lists shown to people ask for `COLLATE "fr-x-icu"`, which is there.
 * @throws SetUpFailure when the cluster cannot be created.
 */
export async function embeddedPostgres(options: PostgresOptions): Promise<Postgres> {
  const { folder, port, durability, progress } = options
  const home = join(folder, 'postgres')
  const cluster = join(home, 'data')
  const binaries = await postgresBinaries()
  mkdirSync(home, { recursive: true })
  const account = postgresAccount([home, binaries.postgres], progress)
  if (account.owner !== undefined) chownSync(home, account.owner.uid, account.owner.gid)
  const password = keptPassword(home)
  if (!existsSync(cluster))
    await createCluster(home, cluster, password, binaries, account, durability, progress)

  const [command = '', ...prefix] = [...account.prefix, binaries.postgres]
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'synchronous_commit=on',
    'timezone=UTC',
    'log_timezone=UTC',
    ...(durability === 'full'
      ? []
      : ['fsync=off', 'full_page_writes=off', 'max_wal_senders=0', 'wal_level=minimal']),
  ]
  const program = new Program({
    name: 'postgres',
    folder,
    logFile: join(folder, 'postgres.log'),
    command,
    arguments: [
      ...prefix,
      '-D',
      cluster,
      '-p',
      String(port),
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    environment: plainEnvironment(),
    ...account.ids,
    stopSignals,
    patienceMs: 10_000,
    isReady: (pid) => postmasterIsReady(cluster, pid),
    readyWithinMs: 60_000,
    restarts: options.restarts,
    progress,
    beforeStart: () => clearTheWay(cluster, progress),
  })
  return {
    url: (database) => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`,
    start: () => startPatiently(program),
    stop: () => program.stop(),
    kill: () => program.kill(),
    [Symbol.asyncDispose]: () => program.stop(),
  }
}

/**
 * Uses a PostgreSQL that somebody else runs.
 * @throws SetUpFailure when it does not answer or is older than 18.
 */
export async function givenPostgres(databaseUrl: string): Promise<Postgres> {
  const address = new URL(databaseUrl)
  const check = async () => {
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 })
    try {
      await client.connect()
      const { rows } = await client.query<{ version: number }>(
        `SELECT current_setting('server_version_num')::int AS version`,
      )
      if ((rows[0]?.version ?? 0) < 180_000) {
        throw new SetUpFailure(
          'the PostgreSQL of DATABASE_URL is older than 18',
          'upgrade it, or unset DATABASE_URL',
        )
      }
    } catch (error) {
      if (error instanceof SetUpFailure) throw error
      throw new SetUpFailure(
        `the PostgreSQL of DATABASE_URL (${address.host}) does not answer: ${String(error)}`,
        'start it or correct DATABASE_URL; unset it to use the embedded one',
        { cause: error },
      )
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  return {
    url: (database) => {
      const url = new URL(databaseUrl)
      url.pathname = `/${database}`
      return url.href
    },
    start: check,
    stop: () => Promise.resolve(),
    kill: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

/** After a kill, the dead postmaster's own children hold its shared memory until they notice, within seconds. */
async function startPatiently(program: Program): Promise<void> {
  for (const deadline = performance.now() + 15_000; ;) {
    try {
      return await program.start()
    } catch (error) {
      const held = error instanceof Error && error.message.includes('shared memory block')
      if (!held || performance.now() > deadline) throw error
      await pause(250)
    }
  }
}

async function createCluster(
  home: string,
  cluster: string,
  password: string,
  binaries: PostgresBinaries,
  account: PostgresAccount,
  durability: PostgresOptions['durability'],
  progress: Progress,
): Promise<void> {
  progress('postgres: creating the database cluster')
  // Built beside and renamed when whole: a creation that was killed half-way is simply done again.
  const partial = join(home, 'data.partial')
  const passwordFile = join(home, 'password.initdb')
  rmSync(partial, { recursive: true, force: true })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (account.owner !== undefined) chownSync(passwordFile, account.owner.uid, account.owner.gid)
  const [command = '', ...prefix] = [...account.prefix, binaries.initdb]
  const flags = [
    ...[`--pgdata=${partial}`, `--username=${user}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ...(durability === 'full' ? [] : ['--no-sync']),
  ]
  try {
    await run(command, [...prefix, ...flags], { env: plainEnvironment(), ...account.ids })
  } catch (error) {
    throw new SetUpFailure(
      `PostgreSQL's initdb failed: ${error instanceof Error ? error.message : String(error)}`,
      `make room below ${home}, or set DATABASE_URL to a PostgreSQL 18`,
      { cause: error },
    )
  } finally {
    rmSync(passwordFile, { force: true })
  }
  renameSync(partial, cluster)
}

/** The machine's language must not decide how text is compared, nor what the log says. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' }
}

function keptPassword(home: string): string {
  const file = join(home, 'password')
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 })
  return readFileSync(file, 'utf8')
}

/** What pg_ctl does to know: the postmaster writes its state on the last line of its lock file. */
function postmasterIsReady(cluster: string, pid: number): boolean {
  const lines = postmasterLock(cluster)
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
}

function postmasterLock(cluster: string): string[] {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return []
  }
}

/**
 * Ends a postmaster of this very cluster that no run record knows, and removes a lock file whose number now
 * belongs to another program, at which PostgreSQL would refuse to start.
 */
async function clearTheWay(cluster: string, progress: Progress): Promise<void> {
  const pid = Number(postmasterLock(cluster)[0])
  const identity = Number.isInteger(pid) ? identify(pid) : undefined
  if (identity === undefined) return
  const commandLine = commandLineOf(pid)
  if (commandLine.includes('postgres') && commandLine.includes(cluster)) {
    progress('postgres: ending one left by an earlier run')
    await endProcess(identity, [...stopSignals, 'SIGKILL'], 10_000)
  } else {
    rmSync(join(cluster, 'postmaster.pid'), { force: true })
  }
}
