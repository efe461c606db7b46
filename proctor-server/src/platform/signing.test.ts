import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compactVerify, createLocalJWKSet } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../../test/stack/testDatabase.ts'
import { migrations } from '../migrations/all.ts'
import { migrate, openDatabase, type Database } from './database.ts'
import { openSigning, type Signing } from './signing.ts'

describe('signing', () => {
  const made = new AsyncDisposableStack()
  let db: Database
  let folder: string
  let now = 1_000

  beforeAll(async () => {
    const opened = openDatabase(made.use(await testDatabase()).url, 2)
    made.defer(() => opened.db.destroy())
    db = opened.db
    await migrate(db, migrations)
    folder = await mkdtemp(join(tmpdir(), 'vigie-signing-'))
    made.defer(() => rm(folder, { recursive: true, force: true }))
  })
  afterAll(() => made.disposeAsync())

  const open = (name: string): Promise<Signing> =>
    openSigning({ db, clock: { now: () => now, elapsed: () => now }, file: join(folder, name) })

  it('[EVD-05.2] what a key has signed stays verifiable after the key is retired', async () => {
    const signing = await open('first.pem')
    const jws = await signing.sign('vigie-receipt', '{"said":"before"}')
    now = 2_000
    const next = await open('second.pem')
    const keys = await next.publicKeys()
    expect(keys.map(({ createdAt, retiredAt }) => ({ createdAt, retiredAt }))).toEqual([
      { createdAt: 2_000, retiredAt: undefined },
      { createdAt: 1_000, retiredAt: 2_000 },
    ])
    const verified = await compactVerify(jws, createLocalJWKSet({ keys }))
    expect(new TextDecoder().decode(verified.payload)).toBe('{"said":"before"}')
    expect(verified.protectedHeader).toMatchObject({ alg: 'EdDSA', typ: 'vigie-receipt' })
  })

  it('the same file gives the same key, however many processes open it at once', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => open('shared.pem')))
    const heads = await Promise.all(all.map(async (one) => (await one.publicKeys())[0]!.kid))
    expect(new Set(heads).size).toBe(1)
  })

  it('the private key is readable by its owner only, and never published', async () => {
    const signing = await open('private.pem')
    expect((await stat(join(folder, 'private.pem'))).mode & 0o777).toBe(0o600)
    for (const key of await signing.publicKeys()) expect(Object.keys(key)).not.toContain('d')
    expect(await readFile(join(folder, 'private.pem'), 'utf8')).toContain('PRIVATE KEY')
  })

  it('a file that holds no key stops the start', async () => {
    await writeFile(join(folder, 'broken.pem'), 'not a key')
    await expect(open('broken.pem')).rejects.toThrow()
  })
})
