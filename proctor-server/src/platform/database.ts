import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import pg from 'pg'
import type { Tables } from '../tables.ts'

export type Database = Kysely<Tables>
export type Tx = Transaction<Tables>
/** A database or a transaction: reads do not care which. */
export type Reader = Kysely<Tables>

// Money and sizes stay far below 2^53, and a bigint that arrives as a string is a trap for arithmetic.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/**
 * `onLost` hears of connections that end by themselves (a restart of PostgreSQL): the pool opens others, and what was
 * being asked over one fails.
 */
export function openDatabase(
  url: string,
  poolSize: number,
  onLost: (error: Error) => void = () => undefined,
): { db: Database; pool: pg.Pool } {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    application_name: 'vigie',
    // A lock that cannot be had in this time is a bug to see, not a page to hang.
    options: '-c lock_timeout=10000 -c idle_in_transaction_session_timeout=30000',
  })
  // The pool listens to idle connections alone: one that ends in the middle of a transaction would end the process.
  pool.on('connect', (client) => client.on('error', onLost))
  pool.on('error', () => undefined)
  return { db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }), pool }
}

/** Brings the schema up to date; several processes starting together wait for one another. */
export async function migrate(
  db: Database,
  migrations: Record<string, Migration>,
): Promise<readonly string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error, results } = await migrator.migrateToLatest()
  if (error !== undefined) throw new Error('the database could not be brought up to date', { cause: error })
  return (results ?? []).map((result) => result.migrationName)
}
