import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { INIT_NUMBER, type CommitMessage, type SegmentName } from '@vigie/contract/evidence/segment'
import { digest } from '@vigie/exam-engine/attempt/ids'
import { SECOND, type Instant } from '@vigie/kernel/instant'
import { testDatabase } from '../../../test/stack/testDatabase.ts'
import { authorise } from '../accounts/authorisation.ts'
import type { Actor } from '../accounts/actor.ts'
import { relationReader } from '../attempt/credentials.ts'
import { readConfig } from '../config.ts'
import { openDatabase, type Database, type Reader } from '../platform/database.ts'
import { createHttp } from '../platform/http.ts'
import { sha256 } from '../platform/keys.ts'
import { createLog } from '../platform/log.ts'
import { createMetrics } from '../platform/metrics.ts'
import { openSigning } from '../platform/signing.ts'
import { fileStorage } from '../platform/fileStorage.ts'
import { epochKeyFiles } from './epochs.ts'
import { createAttemptKeys } from './keys.ts'
import type { Storage } from '../platform/storage.ts'
import { createIntake } from './batchedIntake.ts'
import type { RecordPhoto } from './photos.ts'
import { evidenceRoutes } from './routes.ts'

/** A clock that tests move. */
export const movedClock = (start: Instant) => {
  let moment = start
  return {
    now: () => moment,
    elapsed: () => moment - start,
    move: (milliseconds: number) => {
      moment += milliseconds
    },
  }
}

/** Who looks at what was kept. */
export const REVIEWER: Actor & { readonly kind: 'person' } = {
  kind: 'person',
  id: randomUUID(),
  name: 'Ada Lovelace',
  email: 'ada@example.org',
  roles: ['reviewer'],
}

/** Thursday 17 December 2026, 16:00 in Paris. */
export const START = Date.UTC(2026, 11, 17, 15)

/** Who asks, in tests: `Authorization: <kind> <id>`. */
const actorOf = (authorization: string | undefined): Actor => {
  const [kind, id] = (authorization ?? '').split(' ')
  if (kind === 'attempt') return { kind: 'attempt', attempt: id!, candidate: randomUUID() }
  if (kind === 'reviewer' || kind === 'proctor') {
    return { kind: 'person', id: id!, name: 'Ada Lovelace', email: 'ada@example.org', roles: [kind] }
  }
  return { kind: 'anonymous' }
}

const person = (db: Database, id: string, name: string) =>
  db
    .insertInto('person')
    .values({ id, name, email: `${id}@example.org`, emailVerified: true })
    .execute()

/** An exam session in the database, so that attempts can be put into it. */
async function openSession(db: Database): Promise<string> {
  const [certification, paper, session] = [randomUUID(), randomUUID(), randomUUID()]
  await db
    .insertInto('certification')
    .values({
      id: certification,
      name: 'Certificat',
      holder: 'IAE',
      helpline: JSON.stringify([]),
      legal_basis: 'contract',
      alternative: 'on site',
    })
    .execute()
  await db
    .insertInto('paper')
    .values({
      id: paper,
      certification_id: certification,
      title: 'QCM',
      content: JSON.stringify({}),
      locked: false,
    })
    .execute()
  await db
    .insertInto('exam_session')
    .values({
      id: session,
      certification_id: certification,
      paper_id: paper,
      name: 'Décembre',
      opens_at: START,
      closes_at: START + 14_400 * SECOND,
    })
    .execute()
  return session
}

/** The evidence area on a real database, a real folder and real HTTP routes; only the clock and who asks are ours. */
export async function openHall(
  options: { readonly storage?: Storage; readonly storageKind?: 'files' | 's3' } = {},
) {
  const own = await testDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'vigie-evidence-'))
  const { db } = openDatabase(own.url, 6)
  const clock = movedClock(START)
  const storage = options.storage ?? fileStorage(join(folder, 'objects'))
  const epochs = epochKeyFiles(join(folder, 'keys'))
  const keys = createAttemptKeys({ epochs, clock })
  const signing = await openSigning({ db, clock, file: join(folder, 'signing.pem') })
  /** Attempts whose verdict is under way, and until when that keeps them. */
  const open = new Map<string, Instant>()
  const session = await openSession(db)
  const recorded: { attempt: string; lease: number; command: RecordPhoto }[] = []
  const hall = {
    db,
    clock,
    storage,
    epochs,
    keys,
    folder,
    databaseUrl: own.url,
    recorded,
    signing,
    storageKind: options.storageKind ?? ('files' as const),
    open,
    openMatters: async (_db: Reader, attempts: readonly string[]) =>
      new Map([...open].filter(([attempt]) => attempts.includes(attempt))),
    /** Set to make the attempt refuse the next photos. */
    refuse: null as Error | null,
    /** Set to make whoever asks wait until it is known who they are. */
    judging: null as Promise<void> | null,
  }
  const relations = relationReader(db)
  const metrics = createMetrics()
  const app = createHttp(
    readConfig({
      PUBLIC_ORIGIN: 'http://127.0.0.1',
      DATABASE_URL: own.url,
      DATA_DIR: folder,
      LIVEKIT_URL: 'http://127.0.0.1',
      LIVEKIT_API_KEY: 'key',
      LIVEKIT_API_SECRET: 'x'.repeat(32),
      AUTH_SECRET: 'x'.repeat(32),
      WEB_DIR: folder,
    }),
    createLog('silent'),
  )
  evidenceRoutes(app, {
    ...hall,
    intake: createIntake(hall),
    metrics,
    async actorOf(request) {
      await hall.judging
      return actorOf(request.headers.authorization)
    },
    authorise: (actor, action, attempt) => authorise(actor, action, attempt, relations),
    async record(attempt, lease, command) {
      if (hall.refuse) throw hall.refuse
      recorded.push({ attempt, lease, command })
    },
  })
  await app.ready()

  return Object.assign(hall, {
    app,
    metrics,
    /** Puts an attempt of a new candidate into the session. */
    async attempt(
      options: { lease?: number; recorded?: boolean; proctor?: string; status?: 'running' | 'sealed' } = {},
    ) {
      const [id, candidate] = [randomUUID(), randomUUID()]
      await person(db, candidate, 'Camille Martin')
      if (options.proctor) await person(db, options.proctor, 'Paul Surveillant')
      const status = options.status ?? 'running'
      const booking = { window: { appointmentAt: START } }
      const state = {
        status,
        booking,
        terms: { recorded: options.recorded ?? true },
        closing: { at: START + 60 * SECOND },
      }
      await db
        .insertInto('attempt')
        .values({
          id,
          session_id: session,
          candidate_id: candidate,
          status,
          proctor_id: options.proctor ?? null,
          state: JSON.stringify(state),
          lease: options.lease ?? 1,
          version: 0,
          head: '0'.repeat(64),
          due_at: null,
        })
        .execute()
      return id
    },
    async [Symbol.asyncDispose]() {
      await app.close()
      await db.destroy()
      await own[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  })
}

export type Hall = Awaited<ReturnType<typeof openHall>>

/** One box as CMAF is made of: length, four letters, content. */
function boxOf(name: string, text: string): Buffer {
  const box = Buffer.from(`\0\0\0\0${name}${text}`)
  box.writeUInt32BE(box.length)
  return box
}

export interface Recorded extends CommitMessage {
  readonly content: Buffer
}

/** An uninterrupted run of one track as a browser would commit it: the initialisation segment, then `count` of 4 s until `to`. */
export function record(track: SegmentName['track'], count: number, to = START, lease = 1): Recorded[] {
  const rendition = randomUUID()
  const run: Recorded[] = []
  for (let number = INIT_NUMBER; number <= count; number += 1) {
    const content = boxOf(
      number === INIT_NUMBER ? 'ftyp' : 'moof',
      `${track} ${rendition} ${number} `.repeat(20),
    )
    const start = to - (count - Math.max(0, number - 1)) * 4 * SECOND
    run.push({
      track,
      rendition,
      number,
      content,
      digest: digest.parse(sha256(content)),
      previous: run.at(-1)?.digest ?? null,
      bytes: content.length,
      from: start,
      to: number === INIT_NUMBER ? start : start + 4 * SECOND,
      offset: 40,
      lease,
    })
  }
  return run
}

export const commitOf = ({ content, ...commit }: Recorded): CommitMessage => {
  void content
  return commit
}
