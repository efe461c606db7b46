import { CompiledQuery } from 'kysely'
import { PgBoss, type JobResult } from 'pg-boss'
import type { Reader } from './database.ts'
import type { Log } from './log.ts'

/** One kind of later work. `step` is idempotent, because a job may run again; tests call it directly. */
export interface JobKind<Data extends object> {
  readonly name: string
  step(data: Data): Promise<void>
}

/** Puts a job in the same transaction as the change that asks for it: both happen, or neither. */
export interface JobQueue {
  add<Data extends object>(
    tx: Reader,
    name: string,
    data: Data,
    options?: { startAfter?: Date },
  ): Promise<void>
  /** As many jobs of one kind by one statement. */
  addAll<Data extends object>(
    tx: Reader,
    name: string,
    each: readonly Data[],
    options?: { startAfter?: Date },
  ): Promise<void>
}

export interface Jobs extends JobQueue {
  /** Starts working the given kinds; the queues exist when this resolves. */
  start(kinds: readonly JobKind<never>[]): Promise<void>
  stop(): Promise<void>
}

/** What is done is forgotten after a week, what was never done after two: jobs carry mails and ids [RET-01]. */
const KEPT = { deleteAfterSeconds: 7 * 86_400, retentionSeconds: 14 * 86_400 } as const

const RETRY = { retryLimit: 8, retryDelay: 5, retryBackoff: true } as const

/** A thousand exams that end together must not be marked one a second: full batches follow one another at once. */
const WORK = {
  pollingIntervalSeconds: 1,
  batchSize: 20,
  burstWhenBatchFull: true,
  perJobResults: true,
} as const

export function createJobs(databaseUrl: string, log: Log): Jobs {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    max: 3,
    schema: 'jobs',
    application_name: 'vigie-jobs',
  })
  boss.on('error', (error) => log.error({ err: error }, 'job queue'))
  const addAll: JobQueue['addAll'] = async (tx, name, each, options) => {
    if (each.length === 0) return
    const jobs = each.map((data) => ({ ...RETRY, ...options, data }))
    await boss.insert(name, jobs, {
      db: {
        async executeSql(text, values) {
          const { rows } = await tx.executeQuery(CompiledQuery.raw(text, values ?? []))
          return { rows: rows as unknown[] }
        },
      },
    })
  }
  return {
    add: (tx, name, data, options) => addAll(tx, name, [data], options),
    addAll,
    async start(kinds) {
      await boss.start()
      for (const kind of kinds) {
        await boss.createQueue(kind.name, KEPT)
        await boss.work(kind.name, WORK, async (jobs) => {
          const results: JobResult[] = []
          for (const { id, data } of jobs) {
            try {
              await kind.step(data as never)
              results.push({ id, status: 'completed' })
              log.info({ job: kind.name, id }, 'job done')
            } catch (error) {
              results.push({ id, status: 'failed', output: { message: String(error) } })
              log.error({ err: error, job: kind.name, id }, 'job failed')
            }
          }
          return results
        })
      }
    },
    async stop() {
      await boss.stop({ graceful: true, timeout: 5_000 })
    },
  }
}
