import type { KyselyPlugin } from 'kysely'
import type { S3Options } from '../platform/s3Storage.ts'

/**
 * A process of its own that sweeps and, at a given point of the first destruction, ends as a power cut would. Run by the
 * tests of retention: `node testSweepCrash.ts '<SweepOrder as JSON>'`.
 */
export const SWEEP_POINTS = [
  'before-tombstone',
  'after-tombstone',
  'after-key',
  'half-the-files',
  'after-files',
  'rows-reduced',
  'certificate-written',
] as const
export type SweepPoint = (typeof SWEEP_POINTS)[number]

export interface SweepOrder {
  readonly databaseUrl: string
  readonly folder: string
  /** The store, where it is not the folder's own. */
  readonly s3?: S3Options
  readonly now: number
  readonly crashAt: SweepPoint
}

const die = (): never => {
  process.kill(process.pid, 'SIGKILL')
  for (;;);
}

/** The statement before which, or after which, the process ends. */
const STATEMENT: Partial<Record<SweepPoint, { when: 'before' | 'after'; fits: (text: string) => boolean }>> =
  {
    'before-tombstone': {
      when: 'before',
      fits: (text) => text.includes('UpdateQueryNode') && text.includes('tombstone_at'),
    },
    'after-tombstone': {
      when: 'before',
      fits: (text) => text.includes('UpdateQueryNode') && text.includes('wrapped'),
    },
    'after-key': {
      when: 'after',
      fits: (text) => text.includes('UpdateQueryNode') && text.includes('wrapped'),
    },
    'rows-reduced': {
      when: 'after',
      fits: (text) => text.includes('UpdateQueryNode') && text.includes('stored_as'),
    },
    'certificate-written': {
      when: 'after',
      fits: (text) => text.includes('InsertQueryNode') && text.includes('destruction_certificate'),
    },
  }

const dieAt = (point: SweepPoint): KyselyPlugin => {
  const statement = STATEMENT[point]
  const seen = new WeakSet<object>()
  return {
    transformQuery: ({ node, queryId }) => {
      if (statement?.fits(JSON.stringify(node))) {
        if (statement.when === 'before') die()
        seen.add(queryId)
      }
      return node
    },
    transformResult: async ({ result, queryId }) => (seen.has(queryId) ? die() : result),
  }
}

async function main(order: SweepOrder): Promise<void> {
  const { openDatabase } = await import('../platform/database.ts')
  const { fileStorage } = await import('../platform/fileStorage.ts')
  const { s3Storage } = await import('../platform/s3Storage.ts')
  const { openSigning } = await import('../platform/signing.ts')
  const { sweepEvidence } = await import('./sweep.ts')
  const clock = { now: () => order.now, elapsed: () => 0 }
  const { db: plain } = openDatabase(order.databaseUrl, 2)
  const signing = await openSigning({ db: plain, clock, file: `${order.folder}/signing.pem` })
  const store = order.s3 ? s3Storage(order.s3) : fileStorage(`${order.folder}/objects`)
  await sweepEvidence({
    db: plain.withPlugin(dieAt(order.crashAt)),
    clock,
    storageKind: order.s3 ? 's3' : 'files',
    signing,
    openMatters: async () => new Map(),
    storage: {
      ...store,
      async removeAll(folder) {
        if (order.crashAt === 'half-the-files') {
          for await (const name of store.list(folder)) {
            await store.remove(name)
            die()
          }
        }
        await store.removeAll(folder)
        if (order.crashAt === 'after-files') die()
      },
    },
  })
  await plain.destroy()
}

if (import.meta.main) await main(JSON.parse(process.argv[2]!) as SweepOrder)
