/**
 * What this browser keeps between two openings of a page: IndexedDB as a few named shelves of values. One database per
 * shelf, so that nobody has to agree on a common version. Where the browser refuses to store (private window, policy,
 * full disk) the shelf works in memory and says so by `durable`.
 */
export interface Shelf {
  /** False when what is put here lasts only as long as this page. */
  readonly durable: boolean
  /** The value kept under a key; undefined when there is none. The caller knows what it put there. */
  read(key: string): Promise<unknown>
  /** Keeps a value that can be cloned (plain data, bytes, keys of WebCrypto). Resolves when it is on the disk. */
  write(key: string, value: unknown): Promise<void>
  remove(key: string): Promise<void>
  /** The keys that begin with a prefix, in order. */
  keys(prefix: string): Promise<string[]>
}

const STORE = 'values'

const settled = <Value>(request: IDBRequest<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('storage failed'))
  })

function openDatabase(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE)
  return settled(request)
}

/** Runs one request; for a change it resolves when the transaction is complete, not merely accepted. */
function run<Value>(
  database: IDBDatabase,
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<Value>,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode, { durability: 'strict' })
    const request = ask(transaction.objectStore(STORE))
    transaction.oncomplete = () => resolve(request.result)
    transaction.onabort = () => reject(transaction.error ?? new Error('storage failed'))
  })
}

const shelfOf = (database: IDBDatabase): Shelf => ({
  durable: true,
  read: (key) => run<unknown>(database, 'readonly', (store) => store.get(key)),
  async write(key, value) {
    await run(database, 'readwrite', (store) => store.put(value, key))
  },
  async remove(key) {
    await run(database, 'readwrite', (store) => store.delete(key))
  },
  async keys(prefix) {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`)
    return (await run(database, 'readonly', (store) => store.getAllKeys(range))).map(String)
  },
})

/** A shelf for as long as the page lives. */
export function memoryShelf(): Shelf {
  const values = new Map<string, unknown>()
  return {
    durable: false,
    read: async (key) => values.get(key),
    async write(key, value) {
      values.set(key, structuredClone(value))
    },
    async remove(key) {
      values.delete(key)
    },
    keys: async (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)).sort(),
  }
}

/**
 * A shelf on the disk that goes on in memory from the first time the browser refuses. What was kept before stays to be
 * read, unless it was changed or removed since.
 */
function failingOver(disk: Shelf): Shelf {
  const memory = memoryShelf()
  /** Keys whose word is the memory's, from the first refusal on. */
  const since = new Set<string>()
  let refused = false
  const onDisk = async <Value>(act: () => Promise<Value>): Promise<{ readonly value: Value } | null> => {
    try {
      return { value: await act() }
    } catch {
      refused = true
      return null
    }
  }
  return {
    get durable() {
      return !refused
    },
    async read(key) {
      return since.has(key) ? memory.read(key) : (await onDisk(() => disk.read(key)))?.value
    },
    async write(key, value) {
      if (!refused && (await onDisk(() => disk.write(key, value)))) return
      since.add(key)
      await memory.write(key, value)
    },
    async remove(key) {
      if (!(await onDisk(() => disk.remove(key)))) since.add(key)
      await memory.remove(key)
    },
    async keys(prefix) {
      const kept = (await onDisk(() => disk.keys(prefix)))?.value ?? []
      return [...kept.filter((key) => !since.has(key)), ...(await memory.keys(prefix))].sort()
    },
  }
}

/** Opens a shelf by name (« attempt »). Never rejects: the worst is a shelf that is not durable. */
export async function openShelf(name: string): Promise<Shelf> {
  try {
    const database = await openDatabase(`vigie.${name}`)
    return failingOver(shelfOf(database))
  } catch {
    return memoryShelf()
  }
}

/** Asks the browser not to clear what is stored here when the disk runs short. Often refused without a word. */
export async function askToPersist(): Promise<boolean> {
  try {
    return await navigator.storage.persist()
  } catch {
    return false
  }
}

/** How many bytes the browser lets this site keep; null when it does not say. */
export async function quotaOf(): Promise<number | null> {
  try {
    return (await navigator.storage.estimate()).quota ?? null
  } catch {
    return null
  }
}
