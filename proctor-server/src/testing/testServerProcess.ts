import { compose } from '../compose.ts'
import { readConfig } from '../config.ts'

/**
 * The server as a process of its own whose clock is ahead by AHEAD milliseconds; everything it logs goes to standard
 * output as in production. For tests that move weeks and read the logs afterwards.
 */
const ahead = Number(process.env['AHEAD'] ?? 0)
const running = await compose(readConfig(process.env), {
  now: () => Date.now() + ahead,
  elapsed: () => performance.now(),
})
process.on('SIGTERM', () => void running.stop())
