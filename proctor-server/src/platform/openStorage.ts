import type { Config } from '../config.ts'
import { fileStorage } from './fileStorage.ts'
import { s3Storage } from './s3Storage.ts'
import type { Storage } from './storage.ts'

/** The store that the configuration names, tried before anything is promised to anybody. Throws with what is wrong. */
export async function openStorage(config: Config['storage']): Promise<Storage & { close(): void }> {
  if (config.kind === 'files') {
    const store = fileStorage(config.folder, config.reserveBytes)
    await store.free()
    return { ...store, close: () => undefined }
  }
  const store = s3Storage(config)
  await store.check()
  return store
}
