import { randomBytes } from 'node:crypto'
import { open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DAY, type Instant } from '@vigie/kernel/instant'
import { newKey } from '../platform/keys.ts'
import { obtainSecretFile, readIfThere } from '../platform/secretFile.ts'

/** The week's key, as a file beside the database and never in it: destroying it makes every key it wrapped useless. */
export interface EpochKeys {
  /** The week's key, made when it is first asked for. */
  obtain(epoch: string): Promise<Buffer>
  /** A key that must exist; null once it has been destroyed. */
  find(epoch: string): Promise<Buffer | null>
  /** The weeks that still have a key, oldest first. */
  list(): Promise<string[]>
  /** Overwrites and removes the week's key; fine when it is gone already. */
  destroy(epoch: string): Promise<void>
}

/** The ISO week of a moment in UTC: `2026-w51`. Names the epoch whose key wraps the attempts that begin then. */
export function epochOf(now: Instant): string {
  const day = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('UTC')
  return `${day.yearOfWeek}-w${String(day.weekOfYear).padStart(2, '0')}`
}

/** When the week is over: the first moment of the next Monday, in UTC. */
export function epochEnd(epoch: string): Instant {
  const [year, week] = epoch.split('-w').map(Number) as [number, number]
  // The fourth of January is in the first week of its year.
  const fourth = Date.UTC(year, 0, 4)
  const monday = fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY
  return monday + week * 7 * DAY
}

const KEY_BYTES = 32
const EPOCH = /^\d{4}-w\d{2}$/

async function syncFolder(folder: string): Promise<void> {
  const directory = await open(folder, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** Epoch keys as files of one folder [EVD-06]. A file is complete and flushed before its name exists. */
export function epochKeyFiles(folder: string): EpochKeys {
  const pathOf = (epoch: string): string => {
    if (!EPOCH.test(epoch)) throw new Error(`not an epoch: ${epoch}`)
    return join(folder, `${epoch}.key`)
  }

  function checked(epoch: string, key: Buffer): Buffer {
    if (key.length !== KEY_BYTES) throw new Error(`the key of epoch ${epoch} is damaged`)
    return key
  }

  return {
    async find(epoch) {
      const key = await readIfThere(pathOf(epoch))
      return key && checked(epoch, key)
    },
    async obtain(epoch) {
      return checked(epoch, await obtainSecretFile(pathOf(epoch), async () => newKey()))
    },
    async list() {
      const names = await readdir(folder).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [] as string[]
        throw error
      })
      return names
        .filter((name) => name.endsWith('.key') && EPOCH.test(name.slice(0, -4)))
        .map((name) => name.slice(0, -4))
        .sort()
    },
    async destroy(epoch) {
      const path = pathOf(epoch)
      if (!(await readIfThere(path))) return
      // A disk that writes in place then holds chance where the key was; others may not, which operations.md says.
      const file = await open(path, 'r+')
      try {
        await file.write(randomBytes(KEY_BYTES), 0, KEY_BYTES, 0)
        await file.sync()
      } finally {
        await file.close()
      }
      await rm(path, { force: true })
      await syncFolder(folder)
    },
  }
}
