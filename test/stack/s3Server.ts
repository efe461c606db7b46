import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { choosePorts } from './ports.ts'
import { Program } from './program.ts'
import { versitygwBinary } from './versitygwBinary.ts'

/** A real S3 server on the loopback address with one empty bucket. */
export interface S3Server extends AsyncDisposable {
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Where its objects lie as files. */
  readonly objects: string
  start(): Promise<void>
  stop(): Promise<void>
}

const bucket = 'evidence'
const region = 'eu-test-1'
const accessKeyId = 'vigie-tests'
const secretAccessKey = 'a-secret-of-the-tests-that-opens-nothing'

/**
 * Starts versitygw over a folder. `objects`: where objects lie, for a test that puts them on a small disk.
 * @throws SetUpFailure when the program can neither be found nor built.
 */
export async function s3Server(
  folder: string,
  objects: string = join(folder, 's3-objects'),
): Promise<S3Server> {
  const command = await versitygwBinary({ progress: (line) => console.error(line) })
  const { port } = await choosePorts({ port: { transport: 'tcp' } })
  const versions = join(folder, 's3-versions')
  mkdirSync(join(objects, bucket), { recursive: true })
  mkdirSync(versions, { recursive: true })
  const endpoint = `http://127.0.0.1:${port}`
  const program = new Program({
    name: 'versitygw',
    folder,
    logFile: join(folder, 'versitygw.log'),
    command,
    arguments: [
      ...['--port', `127.0.0.1:${port}`, '--region', region, '--health', '/health', '--quiet'],
      ...['posix', '--versioning-dir', versions, objects],
    ],
    environment: {
      ...process.env,
      ROOT_ACCESS_KEY_ID: accessKeyId,
      ROOT_SECRET_ACCESS_KEY: secretAccessKey,
    },
    stopSignals: ['SIGTERM'],
    patienceMs: 3_000,
    isReady: async () => {
      try {
        return (await fetch(`${endpoint}/health`, { signal: AbortSignal.timeout(1_000) })).ok
      } catch {
        return false
      }
    },
    readyWithinMs: 15_000,
    restarts: false,
    progress: () => undefined,
  })
  await program.start()
  return {
    endpoint,
    region,
    bucket,
    accessKeyId,
    secretAccessKey,
    objects: join(objects, bucket),
    start: () => program.start(),
    stop: () => program.stop(),
    [Symbol.asyncDispose]: () => program.stop(),
  }
}
