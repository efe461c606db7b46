import { open } from '../platform/keys.ts'
import type { Storage } from '../platform/storage.ts'

/** Why an object that has its row cannot be given: it is not there, or does not open. */
export type Fault = 'missing' | 'unreadable'

/** One sealed object in clear, or why not. A store that is out of reach throws: that passes, and is nobody's fault here. */
export async function readClear(
  storage: Pick<Storage, 'get'>,
  key: Buffer | null,
  storedAs: string,
  context: string,
): Promise<Buffer | Fault> {
  const sealed = key && (await storage.get(storedAs))
  if (!key || !sealed) return 'missing'
  try {
    return open(key, sealed, context)
  } catch {
    return 'unreadable'
  }
}
