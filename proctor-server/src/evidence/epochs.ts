import { join } from 'node:path'
import type { Instant } from '@vigie/kernel/instant'
import { newKey } from '../platform/keys.ts'
import { obtainSecretFile, readIfThere } from '../platform/secretFile.ts'

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
  }
}
