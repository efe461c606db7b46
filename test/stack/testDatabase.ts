import { inject } from 'vitest'
import { ownDatabase, type OwnDatabase } from './databases.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL to create databases on, and the migrated one to copy. */
    readonly postgres: { readonly url: string; readonly template: string }
  }
}

/** A migrated database of its own for one test file of the project `server`; dispose of it at the end. */
export function testDatabase(): Promise<OwnDatabase> {
  const { url, template } = inject('postgres')
  return ownDatabase(url, template)
}
