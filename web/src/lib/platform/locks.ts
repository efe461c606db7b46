/**
 * Locks between the pages of one browser (Web Locks): whoever is killed gives theirs back at once. Where the browser has
 * none, every lock is free: such a browser keeps pages apart by nothing.
 */

/** Holds a lock until the returned function is called or the page goes. */
export function holdLock(name: string): () => void {
  const { promise, resolve } = Promise.withResolvers<void>()
  void navigator.locks?.request(name, () => promise).catch(() => undefined)
  return () => resolve()
}

/** Does something while nobody else holds the lock; nothing, and `false`, when somebody does. */
export async function ifFree(name: string, act: () => Promise<void>): Promise<boolean> {
  if (!navigator.locks) {
    await act()
    return true
  }
  return navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await act()
    return lock !== null
  })
}
