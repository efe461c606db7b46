import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { s3Server, type S3Server } from '../../../test/stack/s3Server.ts'
import { smallDisk } from '../../../test/stack/smallDisk.ts'
import { temporaryFolder, type TemporaryFolder } from '../../../test/stack/temporaryFolder.ts'
import { fileStorage } from './fileStorage.ts'
import { s3Storage } from './s3Storage.ts'
import { StorageFull, type Storage } from './storage.ts'

let folder: TemporaryFolder
let server: S3Server
const open: (() => void)[] = []

beforeAll(async () => {
  folder = await temporaryFolder()
  server = await s3Server(folder.path)
})
afterAll(async () => {
  for (const close of open) close()
  await server?.stop()
  await folder?.[Symbol.asyncDispose]()
})

const STORES: Record<string, () => Storage> = {
  files: () => fileStorage(join(folder.path, 'files')),
  S3: () => {
    const store = s3Storage(server)
    open.push(() => store.close())
    return store
  },
}

async function namesIn(store: Storage, place: string): Promise<string[]> {
  const names: string[] = []
  for await (const name of store.list(place)) names.push(name)
  return names.sort()
}

describe.each(Object.entries(STORES))('a store of %s', (kind, make) => {
  let store: Storage
  beforeAll(() => {
    store = make()
  })

  it('gives back what it was given, byte for byte, and null for what it never had', async () => {
    const bytes = randomBytes(300_000)
    await store.put('suite/one/a', bytes)
    expect((await store.get('suite/one/a'))?.equals(bytes)).toBe(true)
    expect(await store.get('suite/one/b')).toBeNull()
    expect(await store.get('nowhere/at-all')).toBeNull()
  })

  it('puts a second object of one name in the place of the first', async () => {
    await store.put('suite/twice/a', Buffer.from('one'))
    await store.put('suite/twice/a', Buffer.from('two'))
    expect((await store.get('suite/twice/a'))?.toString()).toBe('two')
    expect(await namesIn(store, 'suite/twice')).toEqual(['suite/twice/a'])
  })

  it('forgets one object, also one that is not there, and leaves its neighbours', async () => {
    await store.put('suite/remove/a', Buffer.from('a'))
    await store.put('suite/remove/b', Buffer.from('b'))
    await store.remove('suite/remove/a')
    await store.remove('suite/remove/a')
    await store.remove('suite/never/was')
    expect(await namesIn(store, 'suite/remove')).toEqual(['suite/remove/b'])
  })

  it('[RET-01] forgets a whole folder, and not one whose name begins alike', async () => {
    const count = kind === 'S3' ? 1_003 : 20
    const puts = Array.from({ length: count }, (_, index) => index)
    while (puts.length > 0) {
      await Promise.all(
        puts.splice(0, 50).map((index) => store.put(`suite/folder/deep/${index}`, Buffer.from('x'))),
      )
    }
    await store.put('suite/folder-of-another/a', Buffer.from('kept'))
    expect(await namesIn(store, 'suite/folder')).toHaveLength(count)
    await store.removeAll('suite/folder')
    expect(await namesIn(store, 'suite/folder')).toEqual([])
    expect(await namesIn(store, 'suite/folder-of-another')).toEqual(['suite/folder-of-another/a'])
    await store.removeAll('suite/folder')
  })

  it('takes many objects at once', async () => {
    const all = Array.from({ length: 40 }, (_, index) => ({
      name: `suite/many/${index}`,
      bytes: randomBytes(5_000),
    }))
    await Promise.all(all.map(({ name, bytes }) => store.put(name, bytes)))
    const read = await Promise.all(all.map(({ name }) => store.get(name)))
    expect(read.every((bytes, index) => bytes?.equals(all[index]!.bytes))).toBe(true)
  })

  it('refuses names that lead elsewhere', async () => {
    for (const name of ['../secret', 'suite/../../secret', '/etc/passwd', 'Suite/A', 'suite/', '']) {
      await expect(store.put(name, Buffer.from('x'))).rejects.toThrow('not a storage name')
      await expect(store.get(name)).rejects.toThrow('not a storage name')
    }
  })
})

describe('[EVD-02] a disk that is full', () => {
  it('is told as such by files, nothing half stays, and goes on once there is room', async () => {
    using disk = smallDisk(2)
    const root = disk?.path ?? join(folder.path, 'full')
    // Where no file system may be mounted, the reserve makes the same disk too small.
    const store = disk ? fileStorage(root) : fileStorage(root, Number.MAX_SAFE_INTEGER / 2)
    if (disk) await store.put('full/kept', randomBytes(1_500_000))
    await expect(store.put('full/too-much', randomBytes(1_000_000))).rejects.toBeInstanceOf(StorageFull)
    expect(existsSync(join(root, 'full')) ? readdirSync(join(root, 'full')) : []).toEqual(
      disk ? ['kept'] : [],
    )
    if (disk) await store.remove('full/kept')
    const again = disk ? store : fileStorage(root)
    await again.put('full/too-much', randomBytes(1_000_000))
    expect((await again.get('full/too-much'))?.length).toBe(1_000_000)
  })

  it('leaves the reserve to others', async () => {
    const free = (await fileStorage(join(folder.path, 'files')).free())!
    const store = fileStorage(join(folder.path, 'files'), free * 2)
    await expect(store.put('full/reserved', Buffer.from('x'))).rejects.toBeInstanceOf(StorageFull)
    expect(await store.get('full/reserved')).toBeNull()
  })

  it('is told as such by a store of S3 too', async () => {
    using disk = smallDisk(4)
    const place = await temporaryFolder()
    const small = disk ? await s3Server(place.path, disk.path) : null
    const store = small ? s3Storage(small) : null
    try {
      // Nothing to fill where no file system may be mounted; what full servers say is read below in any case.
      if (!small || !store || !disk) return
      writeFileSync(join(disk.path, 'filler'), randomBytes(3_000_000))
      await expect(store.put('full/too-much', randomBytes(2_000_000))).rejects.toBeInstanceOf(StorageFull)
      expect(await store.get('full/too-much')).toBeNull()
      writeFileSync(join(disk.path, 'filler'), '')
      await store.put('full/too-much', randomBytes(2_000_000))
    } finally {
      store?.close()
      await small?.stop()
      await place[Symbol.asyncDispose]()
    }
  })
})

describe('[EVD-02] what S3 servers say when they are full', () => {
  it.each([
    [507, 'XMinioStorageFull', 'Storage backend has reached its minimum free drive threshold.'],
    [507, 'InsufficientStorage', 'no space'],
    [403, 'QuotaExceeded', 'The quota is exceeded'],
    [500, 'InternalError', 'write /objects/a: ENOSPC: no space left on device'],
  ])('%i %s is a full store', async (status, code, message) => {
    expect(await saidOnPut(status, code, message)).toBeInstanceOf(StorageFull)
  })

  it.each([
    [403, 'AccessDenied', 'Access Denied'],
    [500, 'InternalError', 'We encountered an internal error'],
  ])('%i %s is not', async (status, code, message) => {
    const error = await saidOnPut(status, code, message)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(StorageFull)
  })
})

/** What `put` throws when the server answers this, over a real connection. */
async function saidOnPut(status: number, code: string, message: string): Promise<unknown> {
  const answering = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/xml' })
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`)
  })
  await once(answering.listen(0, '127.0.0.1'), 'listening')
  const { port } = answering.address() as AddressInfo
  const store = s3Storage({ ...server, endpoint: `http://127.0.0.1:${port}` })
  try {
    return await store.put('full/a', Buffer.from('x')).catch((error: unknown) => error)
  } finally {
    store.close()
    answering.closeAllConnections()
    answering.close()
  }
}

describe('[RET-01] an S3 bucket that remembers', () => {
  it('is refused: what is destroyed in it would live on', async () => {
    const store = s3Storage(server)
    open.push(() => store.close())
    await expect(store.check()).resolves.toBeUndefined()
    const client = new S3Client({
      endpoint: server.endpoint,
      region: server.region,
      forcePathStyle: true,
      credentials: server,
    })
    open.push(() => client.destroy())
    await client.send(new CreateBucketCommand({ Bucket: 'versioned' }))
    await client.send(
      new PutBucketVersioningCommand({
        Bucket: 'versioned',
        VersioningConfiguration: { Status: 'Enabled' },
      }),
    )
    const other = s3Storage({ ...server, bucket: 'versioned' })
    open.push(() => other.close())
    await expect(other.check()).rejects.toThrow(/keeps old versions/)
    const missing = s3Storage({ ...server, bucket: 'missing' })
    open.push(() => missing.close())
    await expect(missing.check()).rejects.toThrow(/bucket missing/)
  })
})
