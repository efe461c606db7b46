import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Where sealed bytes live. Names are opaque paths made by the server, never by a client. */
export interface Storage {
  /** Writes the whole object; when this resolves the bytes survive a power cut. */
  put(name: string, bytes: Uint8Array): Promise<void>
  /** The whole object, or null when there is none. */
  get(name: string): Promise<Buffer | null>
  /** Removes one object; removing what is not there is fine. */
  remove(name: string): Promise<void>
  /** Removes everything below a prefix; for the destruction of an attempt. */
  removeAll(prefix: string): Promise<void>
}

const SAFE_NAME = /^[a-z0-9][a-z0-9./-]*$/

/** Objects as files: written beside, flushed, then renamed, so that a name never stands for half an object. */
export function fileStorage(root: string): Storage {
  const path = (name: string): string => {
    if (!SAFE_NAME.test(name) || name.includes('..')) throw new Error(`not a storage name: ${name}`)
    return join(root, name)
  }
  return {
    async put(name, bytes) {
      const target = path(name)
      const beside = `${target}.${randomUUID()}.part`
      await mkdir(dirname(target), { recursive: true, mode: 0o700 })
      const file = await open(beside, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.datasync()
      } finally {
        await file.close()
      }
      await rename(beside, target)
    },
    async get(name) {
      try {
        return await readFile(path(name))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
    async remove(name) {
      await rm(path(name), { force: true })
    },
    async removeAll(prefix) {
      await rm(path(prefix), { recursive: true, force: true })
    },
  }
}
