import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Instant } from '@vigie/kernel/instant'
import { newKey } from '../platform/keys.ts'

/** The week's key, as a file beside the database and never in it: destroying it makes every key it wrapped useless. */
export interface EpochKeys {
  /** The week's key, made when it is first asked for. */
  obtain(epoch: string): Promise<Buffer>
  /** A key that must exist; null once it has been destroyed. */
  find(epoch: string): Promise<Buffer | null>
}

/** The ISO week of a moment in UTC: `2026-w51`. Names the epoch whose key wraps the attempts that begin then. */
export function epochOf(now: Instant): string {
  const day = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('UTC')
  return `${day.yearOfWeek}-w${String(day.weekOfYear).padStart(2, '0')}`
}

const KEY_BYTES = 32
const EPOCH = /^\d{4}-w\d{2}$/

/** Epoch keys as files of one folder [EVD-06]. A file is complete and flushed before its name exists. */
export function epochKeyFiles(folder: string): EpochKeys {
  const pathOf = (epoch: string): string => {
    if (!EPOCH.test(epoch)) throw new Error(`not an epoch: ${epoch}`)
    return join(folder, `${epoch}.key`)
  }

  async function find(epoch: string): Promise<Buffer | null> {
    try {
      const key = await readFile(pathOf(epoch))
      if (key.length !== KEY_BYTES) throw new Error(`the key of epoch ${epoch} is damaged`)
      return key
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  }

  async function create(epoch: string): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const beside = join(folder, `${randomUUID()}.part`)
    const file = await open(beside, 'wx', 0o600)
    try {
      await file.writeFile(newKey())
      await file.sync()
    } finally {
      await file.close()
    }
    try {
      // Two processes may make the same week's key: the first name stands, the other's key is thrown away.
      await link(beside, pathOf(epoch))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      await rm(beside, { force: true })
    }
    const directory = await open(folder, 'r')
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  }

  return {
    find,
    async obtain(epoch) {
      const known = await find(epoch)
      if (known) return known
      await create(epoch)
      const made = await find(epoch)
      if (!made) throw new Error(`the key of epoch ${epoch} could not be kept`)
      return made
    },
  }
}
