import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { segmentPath } from '@vigie/contract/evidence/segment'
import { exportPath } from '@vigie/contract/review/playback'
import { SECOND } from '@vigie/kernel/instant'
import type { JSONWebKeySet } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/stack/temporaryFolder.ts'
import { commitOf, record } from '../evidence/testHall.ts'
import { sha256 } from '../platform/keys.ts'
import { granted } from '../testing/examDay.ts'
import { request } from '../testing/people.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { caseFile, ownReview, sealed } from './testCases.ts'
import { unzip } from './testZip.ts'
import { verifyCase } from './verifyCase.ts'

let server: TestServer
let [morgan, yael] = ['', '']

beforeAll(async () => {
  server = await startTestServer()
  morgan = await server.signIn('relecture@demo.test')
  yael = await server.signIn('relecture2@demo.test')
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
})

describe('[REV-01] [REV-02] around a case', () => {
  it('assigns, comments and finds by what the list is narrowed by', async () => {
    const { candidate, console, attempt } = await sealed(server, 'ines@demo.test')
    granted(
      await console.ask('supervision:flag', {
        attempt,
        category: 'speech',
        severity: 'medium',
        text: 'Une voix',
      }),
    )
    const file = await caseFile(server, morgan, attempt)
    const reviewers = file['reviewers'] as { id: string; name: string }[]
    const yaelId = reviewers.find((one) => one.name === 'Yael Fontaine')!.id
    const assigned = await request(server, 'PUT', `/api/review/attempts/${attempt}/assignee`, {
      cookie: morgan,
      body: { to: yaelId },
    })
    expect(assigned.status).toBe(200)
    const proctor = await server.db
      .selectFrom('attempt')
      .select('proctor_id')
      .where('id', '=', attempt)
      .executeTakeFirstOrThrow()
    const toProctor = await request(server, 'PUT', `/api/review/attempts/${attempt}/assignee`, {
      cookie: morgan,
      body: { to: proctor.proctor_id },
    })
    expect(toProctor.body['code']).toBe('review-own-candidate')

    const found = async (cookie: string, query: string) =>
      (
        (await request(server, 'GET', `/api/review/attempts?${query}`, { cookie })).body['cases'] as {
          attempt: string
        }[]
      ).some((one) => one.attempt === attempt)
    expect(await found(yael, 'assigned=mine')).toBe(true)
    expect(await found(morgan, 'assigned=mine')).toBe(false)
    expect(await found(morgan, 'assigned=nobody')).toBe(false)
    expect(await found(morgan, 'search=in%C3%A8s')).toBe(true)
    expect(await found(morgan, 'search=%25')).toBe(false)
    expect(await found(morgan, 'flagged=yes')).toBe(true)
    expect(await found(morgan, 'flagged=no')).toBe(false)
    expect(await found(morgan, `proctor=${proctor.proctor_id}`)).toBe(true)
    expect(await found(morgan, `proctor=${yaelId}`)).toBe(false)
    expect(await found(morgan, 'review=open&status=sealed')).toBe(true)

    const comment = await request(server, 'POST', `/api/review/attempts/${attempt}/comments`, {
      cookie: morgan,
      body: { at: Date.now(), text: ' Une ombre derrière la porte ' },
    })
    expect(comment.body).toMatchObject({
      text: 'Une ombre derrière la porte',
      author: { name: 'Morgan Lefèvre' },
    })
    const path = `/api/review/attempts/${attempt}/comments/${String(comment.body['id'])}`
    expect((await request(server, 'DELETE', path, { cookie: yael })).body['code']).toBe('not-found')
    expect((await request(server, 'DELETE', path, { cookie: morgan })).status).toBe(200)
    expect((await caseFile(server, morgan, attempt))['comments']).toEqual([])

    // [REV-05] Whoever looked stands in the candidate's own page: role, first name, time, purpose.
    const { looks } = await ownReview(server, candidate.cookie, attempt)
    expect(looks).toMatchObject([{ role: 'reviewer', firstName: 'Morgan', what: 'case', purpose: 'review' }])
    candidate.close()
  })

  it('[REV-06] an export is one archive whose manifest fits every file, with verified chain and segments, and is logged', async () => {
    const { candidate, attempt } = await sealed(server, 'hugo@demo.test')
    const run = record('camera', 3, Date.now() - 60 * SECOND)
    const committed = await request(server, 'POST', `/api/attempts/${attempt}/segments`, {
      credential: candidate.credential,
      body: { commits: run.map(commitOf) },
    })
    expect(committed.status).toBe(200)
    for (const segment of run.slice(0, 3)) {
      await fetch(server.origin + segmentPath(attempt, segment), {
        method: 'PUT',
        headers: {
          authorization: `Attempt ${candidate.credential}`,
          'content-type': 'application/octet-stream',
        },
        body: new Uint8Array(segment.content),
      })
    }
    const answer = await fetch(server.origin + exportPath(attempt, 'appeal'), { headers: { cookie: yael } })
    expect(answer.headers.get('content-type')).toBe('application/zip')
    const files = unzip(Buffer.from(await answer.arrayBuffer()))
    const manifest = JSON.parse(files.get('manifest.json')!.toString()) as {
      chain: { ok: boolean; length: number }
      segments: unknown
      faults: unknown[]
      files: { name: string; bytes: number; sha256: string }[]
    }
    expect(manifest.chain.ok).toBe(true)
    expect(manifest.segments).toEqual({ promised: 4, received: 3, verified: 3 })
    expect(manifest.faults).toEqual([])
    expect([...files.keys()].sort()).toEqual(
      [...manifest.files.map((file) => file.name), 'manifest.json', 'manifest.jws'].sort(),
    )
    const chain = files.get('chain.jsonl')!.toString().trim().split('\n')
    expect(chain).toHaveLength(manifest.chain.length)
    expect(files.get(`camera/${run[0]!.rendition}/00002.m4s`)).toEqual(run[2]!.content)
    expect(files.get('camera/playlist.m3u8')!.toString()).toContain(`${run[0]!.rendition}/init.mp4`)

    // Whoever has the archive and the published keys needs nobody else to tell what was changed in it.
    await using folder = await temporaryFolder()
    const keys = (await request(server, 'GET', '/.well-known/jwks.json')).body as unknown as JSONWebKeySet
    const unpacked = async (change: (copy: Map<string, Buffer>) => void = () => undefined) => {
      const copy = new Map(files)
      change(copy)
      const into = join(folder.path, randomUUID())
      for (const [name, bytes] of copy) {
        await mkdir(dirname(join(into, name)), { recursive: true })
        await writeFile(join(into, name), bytes)
      }
      return into
    }
    const broken = async (change: (copy: Map<string, Buffer>) => void, otherKeys = keys) =>
      (await verifyCase(await unpacked(change), otherKeys)).filter(({ holds }) => !holds)
    const PARTS = ['manifest', 'files', 'chain', 'answers', 'links of the answers', 'texts', 'recording']
    expect(await verifyCase(await unpacked(), keys)).toMatchObject(
      [...PARTS, 'receipt', 'head of a day'].map((what) => ({
        what,
        holds: true,
      })),
    )
    const segment = `camera/${run[0]!.rendition}/00001.m4s`
    const replaced = (name: string, from: string, to: string) => (copy: Map<string, Buffer>) =>
      copy.set(name, Buffer.from(copy.get(name)!.toString().replace(from, to)))
    expect(await broken((copy) => copy.delete(segment))).toEqual([
      { what: 'files', holds: false, about: `${segment} is missing` },
    ])
    expect(await broken((copy) => copy.set('camera/more.m4s', Buffer.from('x')))).toMatchObject([
      { about: 'camera/more.m4s was added' },
    ])
    expect(await broken(replaced('chain.jsonl', 'submitted', 'time-out'))).toMatchObject([
      { what: 'files' },
      { what: 'chain', about: expect.stringContaining('altered') as string },
      { what: 'receipt' },
    ])
    expect(await broken(replaced('answers.json', '"salt": "', '"salt": "0'))).toMatchObject([
      { what: 'files' },
      { what: 'answers', about: expect.stringContaining('draft 1 is not what the chain says') as string },
    ])
    expect(await broken((copy) => copy.set('answers.json', Buffer.from('[]')))).toMatchObject([
      { what: 'files' },
      { what: 'answers', about: expect.stringMatching(/event \d+ \(answers-saved\) has no text/) as string },
    ])
    const invented = { salt: 's', text: 'Une note que personne n’a écrite', digest: sha256('s') }
    expect(await broken(replaced('texts.json', '[]', JSON.stringify([invented])))).toMatchObject([
      { what: 'files' },
      { what: 'texts' },
    ])
    expect(await broken(replaced('segments.json', run[2]!.digest, run[1]!.digest))).toMatchObject([
      { what: 'files' },
      { what: 'recording' },
      { what: 'receipt' },
    ])
    const one = (JSON.parse(files.get('segments.json')!.toString()) as { sealed_digest: string }[])[0]!
    const other = replaced('segments.json', one.sealed_digest, sha256('other'))
    expect(await broken(other)).toMatchObject([
      { what: 'files' },
      { what: 'recording', about: expect.stringContaining('of the arrivals: altered') as string },
      { what: 'receipt' },
    ])
    expect(await broken(replaced('manifest.json', 'appeal', 'review'))).toMatchObject([{ what: 'manifest' }])
    expect((await broken(() => undefined, { keys: [] })).map(({ what }) => what)).toEqual([
      'manifest',
      'receipt',
      'head of a day',
    ])
    const keyFile = join(folder.path, 'keys.json')
    await writeFile(keyFile, JSON.stringify(keys))
    const command = [join(import.meta.dirname, '../verify.ts'), await unpacked(), '--keys', keyFile]
    const { stdout } = await promisify(execFile)(process.execPath, command)
    expect(stdout).toContain('HOLDS: recording: 4 segments as they were promised')

    const { looks } = await ownReview(server, candidate.cookie, attempt)
    expect(looks[0]).toMatchObject({ what: 'export', firstName: 'Yael', purpose: 'appeal' })
    candidate.close()
  })
})
