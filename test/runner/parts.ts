import { chromiumBinary } from '../stack/chromium.ts'
import { wordsOf } from '../stack/failure.ts'
import { livekitBinary } from '../stack/livekitBinary.ts'
import { versitygwBinary } from '../stack/versitygwBinary.ts'
import { ensureWebBuild } from '../stack/webBuild.ts'

/**
 * Gets or builds what the suites start, while the checks run: on a new machine LiveKit and the S3 server take minutes,
 * which no test should spend.
 */
const progress = (line: string) => console.log(`· ${line}`)
try {
  await ensureWebBuild(progress)
  await livekitBinary({ progress })
  await versitygwBinary({ progress })
  await chromiumBinary(progress)
} catch (error) {
  console.error(wordsOf(error))
  process.exitCode = 1
}
