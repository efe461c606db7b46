import { migrations } from '../../proctor-server/src/migrations/all.ts'
import { migrate, openDatabase } from '../../proctor-server/src/platform/database.ts'
import { ownDatabase, type OwnDatabase } from './databases.ts'
import { wordsOf } from './failure.ts'
import type {} from './testDatabase.ts'
import { throwawayPostgres } from './throwawayPostgres.ts'

interface Project {
  provide(key: 'postgres', value: { url: string; template: string }): void
}

/**
 * Vitest's global set-up of the project `server`: one PostgreSQL for the whole run (embedded, or that of
 * DATABASE_URL) with a migrated database to copy. Test files take their own by testDatabase().
 */
export default async function setUp(project: Project): Promise<() => Promise<void>> {
  try {
    await using started = new AsyncDisposableStack()
    const postgres = started.use(await throwawayPostgres())
    const url = postgres.url('postgres')
    const template = started.use(await ownDatabase(url))
    await prepare(template)
    project.provide('postgres', { url, template: template.name })
    const running = started.move()
    return () => running.disposeAsync()
  } catch (error) {
    console.error(wordsOf(error))
    throw error
  }
}

async function prepare(template: OwnDatabase): Promise<void> {
  const { db } = openDatabase(template.url, 2)
  try {
    await migrate(db, migrations)
  } finally {
    await db.destroy()
  }
}
