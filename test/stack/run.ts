import { join } from 'node:path'
import { wordsOf, type Progress } from './failure.ts'
import { root } from './paths.ts'
import { takeSoleRun } from './soleRun.ts'
import { startStack, type Stack } from './stack.ts'
import { ensureWebBuild } from './webBuild.ts'

/** Where data and logs are kept; the server's own word for it. */
const folder = process.env['DATA_DIR'] || join(root, '.vigie')
const started = performance.now()
const progress: Progress = (line) => console.log(`· ${line}`)

/**
 * The whole of Vigie on this machine, with a demonstration inside, until Ctrl-C. `beside` starts what goes on beside it
 * once it runs, and is disposed of before it stops.
 */
export async function runVigie(beside?: (stack: Stack) => Promise<AsyncDisposable>): Promise<void> {
  const run = takeSoleRun(join(folder, 'running.json'))
  if ('takenBy' in run) {
    const { origin, pid } = run.takenBy
    console.log(
      origin === undefined
        ? `Vigie is being started already, by process ${pid}: look there for its address.`
        : `Vigie is running already: ${origin} (process ${pid}; Ctrl-C there stops it)`,
    )
  } else {
    let stopping = false
    const stopAsked = new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        process.on(signal, () => {
          // npm hands the terminal's signal on, so it comes twice.
          if (!stopping) console.log('\n· stopping …')
          stopping = true
          resolve()
        })
      }
    })
    try {
      // A stop that is asked for while starting waits for the start to end: it takes seconds, and leaves nothing.
      await using stack = await start()
      run.announce(stack.origin)
      if (!stopping) welcome(stack)
      await using _beside = stopping ? null : await beside?.(stack)
      await stopAsked
    } catch (error) {
      if (!stopping) {
        console.error(wordsOf(error))
        process.exitCode = 1
      }
    } finally {
      run.release()
    }
    if (stopping) console.log('· stopped')
  }
}

async function start(): Promise<Stack> {
  const databaseUrl = process.env['DATABASE_URL']
  await ensureWebBuild(progress)
  return startStack({
    folder,
    seed: true,
    ports: 'usual',
    ...(databaseUrl === undefined || databaseUrl === '' ? {} : { databaseUrl }),
    progress,
  })
}

function welcome(stack: Stack): void {
  const width = Math.max(...stack.accounts.map(({ role }) => role.length), 4)
  const emailWidth = Math.max(...stack.accounts.map(({ email }) => email.length), 6)
  const rows = stack.accounts.map(
    ({ role, email, password }) => `  ${role.padEnd(width)}  ${email.padEnd(emailWidth)}  ${password}`,
  )
  console.log(`
Vigie is ready after ${((performance.now() - started) / 1000).toFixed(1)} s

  ${stack.origin}

Accounts of the demonstration (role, e-mail, password):
${rows.join('\n')}

Letters that would have left: ${stack.origin}/courrier

Data and logs are in ${folder}; delete that folder to begin anew. Ctrl-C stops everything.
`)
}
