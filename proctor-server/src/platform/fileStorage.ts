import { randomUUID } from 'node:crypto'
import { mkdir, open, opendir, readFile, rename, rm, statfs } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { safeName, StorageFull, type Storage } from './storage.ts'

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '')

/** A name is only safe on disk once the folder that holds it is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function* filesBelow(folder: string): AsyncIterable<string> {
  let entries
  try {
    entries = await opendir(folder)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  for await (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesBelow(path)
    else yield path
  }
}

/**
 * Objects as files: written beside, flushed, then renamed, so that a name never stands for half an object. `reserve`:
 * bytes of the disk that are left to others (PostgreSQL beside us stops for good on a full disk, recordings can wait).
 */
export function fileStorage(root: string, reserve = 0): Storage {
  const path = (name: string): string => join(root, safeName(name))

  async function free(): Promise<number> {
    const { bavail, bsize } = await statfs(root).catch(async (error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error
      await mkdir(root, { recursive: true, mode: 0o700 })
      return statfs(root)
    })
    return bavail * bsize
  }

  /** Makes the folder of an object, each new level flushed into the one above it. */
  async function makeFolder(folder: string): Promise<void> {
    const first = await mkdir(folder, { recursive: true, mode: 0o700 })
    if (first === undefined) return
    for (let level = folder; level.length >= first.length; level = dirname(level))
      await syncFolder(dirname(level))
  }

  async function write(target: string, bytes: Uint8Array): Promise<void> {
    const beside = `${target}.${randomUUID()}.part`
    try {
      const file = await open(beside, 'wx', 0o600).catch(async (error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error
        await makeFolder(dirname(target))
        return open(beside, 'wx', 0o600)
      })
      try {
        await file.writeFile(bytes)
        await file.datasync()
      } finally {
        await file.close()
      }
      await rename(beside, target)
    } catch (error) {
      await rm(beside, { force: true })
      throw error
    }
    await syncFolder(dirname(target))
  }

  return {
    free,
    async put(name, bytes) {
      const target = path(name)
      if (reserve > 0 && (await free()) < reserve + bytes.length) throw new StorageFull()
      try {
        await write(target, bytes)
      } catch (error) {
        throw isFull(error) ? new StorageFull(undefined, { cause: error }) : error
      }
    },
    async get(name) {
      try {
        return await readFile(path(name))
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null
        throw error
      }
    },
    async remove(name) {
      await rm(path(name), { force: true })
    },
    async removeAll(folder) {
      const target = path(folder)
      await rm(target, { recursive: true, force: true })
      await syncFolder(dirname(target)).catch((error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error
      })
    },
    async *list(folder) {
      for await (const file of filesBelow(path(folder))) yield relative(root, file)
    },
  }
}
