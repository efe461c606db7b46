import type { Migration } from 'kysely/migration'
import { foundations } from './0001-foundations.ts'

/** In order of their names; a migration that has run anywhere is never edited again. */
export const migrations: Record<string, Migration> = {
  '0001-foundations': foundations,
}
