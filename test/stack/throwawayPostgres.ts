import { choosePorts } from './ports.ts'
import { embeddedPostgres, givenPostgres, type Postgres } from './postgres.ts'
import { temporaryFolder } from './temporaryFolder.ts'

/**
 * One PostgreSQL for a whole run of tests: that of DATABASE_URL, or an embedded one in a folder of its own that does not
 * wait for the disk. It runs; dispose of it at the end.
 */
export async function throwawayPostgres(): Promise<Pick<Postgres, 'url'> & AsyncDisposable> {
  await using started = new AsyncDisposableStack()
  const given = process.env['DATABASE_URL']
  const postgres = started.use(
    given === undefined || given === ''
      ? await embeddedPostgres({
          folder: started.use(await temporaryFolder()).path,
          port: (await choosePorts({ postgres: { transport: 'tcp' } })).postgres,
          durability: 'throwaway',
          restarts: false,
          progress: () => undefined,
        })
      : await givenPostgres(given),
  )
  await postgres.start()
  const running = started.move()
  return { url: (database) => postgres.url(database), [Symbol.asyncDispose]: () => running.disposeAsync() }
}
