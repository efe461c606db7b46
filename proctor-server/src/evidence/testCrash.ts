import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import type { CommitMessage } from '@vigie/contract/evidence/segment'
import type { KyselyPlugin } from 'kysely'

/**
 * A process of its own that takes one segment in and, at a given point of it, ends as a power cut would. Run by the
 * tests of intake: `node testCrash.ts '<CrashOrder as JSON>'`. Prints the answer when it lives to tell it.
 */
export const CRASH_POINTS = [
  'commit-written',
  'before-file',
  'file-half',
  'file-unnamed',
  'after-file',
  'row-written',
  'after-commit',
] as const
/** The same where nothing was promised before. */
export const CLAIMED_POINTS = ['after-file', 'claim-written'] as const
/** Of a photo: its file, its row, the attempt that is to be told. */
export const PHOTO_POINTS = ['after-file', 'photo-written', 'photo-untold'] as const
export type CrashPoint =
  (typeof CRASH_POINTS)[number] | (typeof CLAIMED_POINTS)[number] | (typeof PHOTO_POINTS)[number]

export interface CrashOrder {
  readonly databaseUrl: string
  readonly folder: string
  readonly attempt: string
  readonly now: number
  /** `segment`: promised, then sent. `claimed`: sent without a promise. `photo`: the content is one. */
  readonly what: 'segment' | 'claimed' | 'photo'
  readonly commits: readonly CommitMessage[]
  /** The commit whose bytes are sent, and those bytes in base64. */
  readonly send: number
  readonly content: string
  readonly crashAt: CrashPoint | null
}

const die = (): never => {
  process.kill(process.pid, 'SIGKILL')
  for (;;);
}

/** Ends the process once the statement that `fits` has run, before its transaction commits. */
const dieAfter = (fits: (text: string) => boolean): KyselyPlugin => {
  const seen = new WeakSet<object>()
  return {
    transformQuery: ({ node, queryId }) => {
      if (fits(JSON.stringify(node))) seen.add(queryId)
      return node
    },
    transformResult: async ({ result, queryId }) => (seen.has(queryId) ? die() : result),
  }
}

async function main(order: CrashOrder): Promise<void> {
  const { crashAt } = order
  // The product's own writing, with the power cut at two places inside it.
  if (crashAt === 'file-unnamed') fs.rename = die
  if (crashAt === 'file-half') {
    const { open } = fs
    fs.open = async (...asked) => {
      const file = await open(...asked)
      if (asked[1] === 'wx') {
        file.writeFile = async (data) => {
          await file.write((data as Uint8Array).subarray(0, 40))
          die()
        }
      }
      return file
    }
  }
  syncBuiltinESMExports()
  const { openDatabase } = await import('../platform/database.ts')
  const { fileStorage } = await import('../platform/fileStorage.ts')
  const { createAttemptKeys } = await import('./keys.ts')
  const { epochKeyFiles } = await import('./epochs.ts')
  const { commitSegments } = await import('./commits.ts')
  const { receiveSegment } = await import('./intake.ts')
  const { takePhoto } = await import('./photos.ts')
  const clock = { now: () => order.now, elapsed: () => 0 }
  const keys = createAttemptKeys({ epochs: epochKeyFiles(`${order.folder}/keys`), clock })
  const files = fileStorage(`${order.folder}/objects`)
  const storage: typeof files = {
    ...files,
    async put(name, bytes) {
      if (crashAt === 'before-file') die()
      await files.put(name, bytes)
      if (crashAt === 'after-file') die()
    },
  }
  const { db: plain } = openDatabase(order.databaseUrl, 2)
  const at: Partial<Record<CrashPoint, (text: string) => boolean>> = {
    'claim-written': (text) => text.includes('InsertQueryNode') && text.includes('sealed_digest'),
    'photo-written': (text) => text.includes('InsertQueryNode') && text.includes('"photo"'),
    'commit-written': (text) => text.includes('InsertQueryNode') && text.includes('committed_at'),
    'row-written': (text) => text.includes('update segment set received_at'),
  }
  const fits = crashAt === null ? undefined : at[crashAt]
  const db = fits ? plain.withPlugin(dieAfter(fits)) : plain
  const deps = { db, clock, storage, keys }
  const bytes = Buffer.from(order.content, 'base64')
  const take = async (): Promise<unknown> => {
    if (order.what === 'photo') {
      const record = async () => (crashAt === 'photo-untold' ? die() : undefined)
      return takePhoto({ ...deps, record }, order.attempt, 'face', 1, bytes)
    }
    const segment = order.commits[order.send]!
    if (order.what === 'claimed') return receiveSegment(deps, order.attempt, segment, bytes, segment)
    await commitSegments(deps, order.attempt, order.commits)
    return receiveSegment(deps, order.attempt, segment, bytes, null)
  }
  const answer = await take()
  if (crashAt === 'after-commit') die()
  process.stdout.write(JSON.stringify(answer))
  await plain.destroy()
}

if (import.meta.main) await main(JSON.parse(process.argv[2]!) as CrashOrder)
