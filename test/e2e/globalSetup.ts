import { chromiumBinary } from '../stack/chromium.ts'
import { wordsOf } from '../stack/failure.ts'
import { livekitBinary } from '../stack/livekitBinary.ts'
import { ensureWebBuild } from '../stack/webBuild.ts'

/** Gets everything that the specs start, so that none of them waits for a download or a build. */
export default async function setUp(): Promise<void> {
  const progress = (line: string) => console.log(`· ${line}`)
  try {
    await ensureWebBuild(progress)
    await livekitBinary({ progress })
    await chromiumBinary(progress)
  } catch (error) {
    console.error(wordsOf(error))
    throw error
  }
}
