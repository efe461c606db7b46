import { chromiumBinary } from '../stack/chromium.ts'
import { wordsOf } from '../stack/failure.ts'
import { livekitBinary } from '../stack/livekitBinary.ts'
import { throwawayPostgres } from '../stack/throwawayPostgres.ts'
import { ensureWebBuild } from '../stack/webBuild.ts'

/**
 * Gets everything that the specs start, so that none of them waits for a download or a build, and one PostgreSQL for all
 * of them: each stack takes a database of its own on it.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  const progress = (line: string) => console.log(`· ${line}`)
  try {
    await ensureWebBuild(progress)
    await livekitBinary({ progress })
    await chromiumBinary(progress)
    const postgres = await throwawayPostgres()
    process.env['DATABASE_URL'] = postgres.url('postgres')
    return async () => {
      await postgres[Symbol.asyncDispose]()
    }
  } catch (error) {
    console.error(wordsOf(error))
    throw error
  }
}
