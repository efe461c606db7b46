import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ownDatabase } from './databases.ts'
import { choosePorts } from './ports.ts'
import { embeddedPostgres, givenPostgres, type Postgres } from './postgres.ts'
import { identify } from './processIdentity.ts'
import { recordPath, removeRecord } from './runRecord.ts'
import { temporaryFolder, type TemporaryFolder } from './temporaryFolder.ts'

let folder: TemporaryFolder
let port: number
let lines: string[]

beforeEach(async () => {
  folder = await temporaryFolder()
  port = (await choosePorts({ port: { transport: 'tcp' } })).port
  lines = []
})

afterEach(() => folder[Symbol.asyncDispose]())

function postgres(): Promise<Postgres> {
  return embeddedPostgres({
    folder: folder.path,
    port,
    durability: 'throwaway',
    restarts: false,
    progress: (line) => lines.push(line),
  })
}

async function ask<Row extends pg.QueryResultRow>(server: Postgres, query: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: server.url('postgres') })
  await client.connect()
  try {
    return (await client.query<Row>(query)).rows
  } finally {
    await client.end()
  }
}

function postmaster(): number {
  return Number(readFileSync(join(folder.path, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0])
}

test('it is PostgreSQL 18 in UTF-8, waits for its log, and sorts French by its own rules on demand', async () => {
  await using server = await postgres()
  await server.start()
  const [settings] = await ask(
    server,
    `SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('server_encoding') AS encoding,
      current_setting('synchronous_commit') AS commit, current_setting('listen_addresses') AS addresses, upper('éœ') AS upper`,
  )
  expect(settings).toEqual({
    version: 18,
    encoding: 'UTF8',
    commit: 'on',
    addresses: '127.0.0.1',
    upper: 'ÉŒ',
  })
  const names = `unnest(ARRAY['Zoé', 'élan', 'Émile', 'cote', 'coté', 'œuvre', 'Ode', 'Pia'])`
  const sorted = await ask<{ name: string }>(
    server,
    `SELECT name FROM ${names} AS name ORDER BY name COLLATE "fr-x-icu"`,
  )
  expect(sorted.map(({ name }) => name)).toEqual([
    'cote',
    'coté',
    'élan',
    'Émile',
    'Ode',
    'œuvre',
    'Pia',
    'Zoé',
  ])
})

test('what was committed is there after a kill and a start', async () => {
  await using server = await postgres()
  await server.start()
  await ask(server, 'CREATE TABLE saved (answer text)')
  await ask(server, `INSERT INTO saved VALUES ('B')`)
  await server.kill()
  await server.start()
  expect(await ask(server, 'SELECT answer FROM saved')).toEqual([{ answer: 'B' }])
})

test('one left by a killed run is ended, even when its record is lost too', async () => {
  const earlier = await postgres()
  await earlier.start()
  const pid = postmaster()
  removeRecord(recordPath(folder.path, 'postgres'))

  await using server = await postgres()
  await server.start()

  expect(identify(pid)).toBeUndefined()
  expect(postmaster()).not.toBe(pid)
  expect(lines).toContain('postgres: ending one left by an earlier run')
})

test('a lock file whose number now belongs to another program is no obstacle', async () => {
  const server = await postgres()
  await server.start()
  const lock = readFileSync(join(folder.path, 'postgres/data/postmaster.pid'), 'utf8')
  await server.kill()
  const numberOfAnother = lock.replace(/^\d+/, String(process.pid))
  writeFileSync(join(folder.path, 'postgres/data/postmaster.pid'), numberOfAnother)

  await using again = await postgres()
  await again.start()
  expect(await ask(again, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('a creation that was cut short is done again', async () => {
  mkdirSync(join(folder.path, 'postgres/data.partial/base'), { recursive: true })
  await using server = await postgres()
  await server.start()
  expect(await ask(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('a private folder is no obstacle, not even for root, who lends it to another account', async () => {
  chmodSync(folder.path, 0o700)
  await using server = await postgres()
  await server.start()
  expect(await ask(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('a copy of a template is a database of its own, gone when disposed of', async () => {
  await using server = await postgres()
  await server.start()
  const template = await ownDatabase(server.url('postgres'))
  const prepare = new pg.Client({ connectionString: template.url })
  await prepare.connect()
  await prepare.query('CREATE TABLE paper (id int)')
  await prepare.end()

  const names = [template.name]
  {
    await using first = await ownDatabase(server.url('postgres'), template.name)
    await using second = await ownDatabase(server.url('postgres'), template.name)
    names.push(first.name, second.name)
    const client = new pg.Client({ connectionString: second.url })
    await client.connect()
    expect((await client.query('SELECT * FROM paper')).rows).toEqual([])
    await client.end()
  }
  const left = await ask<{ datname: string }>(server, 'SELECT datname FROM pg_database')
  expect(left.map(({ datname }) => datname).filter((name) => names.includes(name))).toEqual([template.name])
})

test('a given server is asked whether it answers, and otherwise left alone', async () => {
  await using server = await postgres()
  await server.start()
  const given = await givenPostgres(server.url('postgres'))
  await given.start()
  await given.kill()
  await given.stop()
  expect(await ask(given, 'SELECT 1 AS one')).toEqual([{ one: 1 }])

  await server.stop()
  await expect(given.start()).rejects.toThrow(/DATABASE_URL \(127\.0\.0\.1:\d+\) does not answer/)
})
