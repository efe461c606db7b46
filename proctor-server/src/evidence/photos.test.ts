import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PHOTO_LIMIT, photoPath, photoUploadPath } from '@vigie/contract/evidence/photo'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Refused } from '../platform/refused.ts'
import { openHall, type Hall } from './testHall.ts'

let hall: Hall

beforeAll(async () => {
  hall = await openHall()
})
afterAll(async () => {
  await hall[Symbol.asyncDispose]()
})

const jpeg = Buffer.concat([
  Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  Buffer.from('a face and nothing but a face'),
])

const post = (attempt: string, payload: Buffer, authorization = `attempt ${attempt}`, lease = 1) =>
  hall.app.inject({
    method: 'POST',
    url: photoUploadPath(attempt, 'face', lease),
    headers: { authorization, 'content-type': 'image/jpeg' },
    payload,
  })

const view = (
  attempt: string,
  photo: string,
  authorization: string,
  purpose: 'review' | 'identity-check' = 'review',
) => hall.app.inject({ method: 'GET', url: photoPath(attempt, photo, purpose), headers: { authorization } })

const filesOf = (attempt: string) => readdir(join(hall.folder, 'objects/evidence', attempt)).catch(() => [])

describe('[IDN-05] photos', () => {
  it('[EVD-04] are sealed, told to the attempt by the digest of the ciphertext, and opened again', async () => {
    const attempt = await hall.attempt()
    const answer = await post(attempt, jpeg, undefined, 7)
    expect(answer.statusCode).toBe(200)
    const { photo } = answer.json<{ photo: string }>()
    const row = await hall.db
      .selectFrom('photo')
      .selectAll()
      .where('id', '=', photo)
      .executeTakeFirstOrThrow()
    expect(hall.recorded.at(-1)).toEqual({
      attempt,
      lease: 7,
      command: { type: 'recordPhoto', photo: 'face', photoId: photo, digest: row.sha256 },
    })
    const stored = await hall.storage.get(row.stored_as)
    expect(stored!.includes('face')).toBe(false)
    const shown = await view(attempt, photo, `reviewer ${randomUUID()}`)
    expect(shown.headers['content-type']).toBe('image/jpeg')
    expect(shown.headers['cache-control']).toBe('no-store')
    expect(shown.rawPayload.equals(jpeg)).toBe(true)
  })

  it('leave nothing behind when the attempt refuses them', async () => {
    const attempt = await hall.attempt()
    hall.refuse = new Refused('lease-superseded')
    const answer = await post(attempt, jpeg)
    hall.refuse = null
    expect(answer.json()).toMatchObject({ code: 'lease-superseded' })
    expect(await hall.db.selectFrom('photo').selectAll().where('attempt_id', '=', attempt).execute()).toEqual(
      [],
    )
    expect(await filesOf(attempt)).toEqual([])
  })

  it('[IDN-05.1] can be taken again, but no page fills the store with them', async () => {
    const attempt = await hall.attempt()
    const statuses: number[] = []
    for (let take = 0; take < 61; take += 1) statuses.push((await post(attempt, jpeg)).statusCode)
    expect(statuses).toEqual([...Array.from({ length: 60 }, () => 200), 429])
    expect(await filesOf(attempt)).toHaveLength(60)
    expect((await post(await hall.attempt(), jpeg)).statusCode).toBe(200)
  })

  it('must be JPEG and of at most 2 MB', async () => {
    const attempt = await hall.attempt()
    expect((await post(attempt, Buffer.from('<svg onload=alert(1)>'))).json()).toMatchObject({
      code: 'photo-not-jpeg',
    })
    const large = Buffer.alloc(PHOTO_LIMIT + 1)
    jpeg.copy(large)
    expect((await post(attempt, large)).json()).toMatchObject({ code: 'too-large' })
    expect(await filesOf(attempt)).toEqual([])
  })
})

describe('[IDN-06] who sees a photo', () => {
  it('[REV-03] [REV-05] is the assigned proctor or a reviewer who never proctored it; every view is logged with its purpose', async () => {
    const proctor = randomUUID()
    const attempt = await hall.attempt({ proctor })
    const { photo } = (await post(attempt, jpeg)).json<{ photo: string }>()
    const reviewer = randomUUID()
    expect((await view(attempt, photo, `proctor ${proctor}`, 'identity-check')).statusCode).toBe(200)
    expect((await view(attempt, photo, `reviewer ${reviewer}`)).statusCode).toBe(200)
    expect((await view(attempt, photo, `reviewer ${reviewer}`)).statusCode).toBe(200)
    const log = await hall.db
      .selectFrom('audit_log')
      .select(['actor', 'role', 'purpose', 'action'])
      .where('attempt_id', '=', attempt)
      .orderBy('id')
      .execute()
    expect(log.map(({ actor, role, purpose }) => [actor, role, purpose]).sort()).toEqual(
      [
        [`person:${proctor}`, 'proctor', 'identity-check'],
        [`person:${reviewer}`, 'reviewer', 'review'],
        [`person:${reviewer}`, 'reviewer', 'review'],
      ].sort(),
    )
  })

  it('is nobody else: another proctor, the candidate’s own page, a stranger, and never through another attempt', async () => {
    const attempt = await hall.attempt({ proctor: randomUUID() })
    const other = await hall.attempt()
    const { photo } = (await post(attempt, jpeg)).json<{ photo: string }>()
    for (const authorization of [`proctor ${randomUUID()}`, `attempt ${attempt}`, `attempt ${other}`]) {
      expect((await view(attempt, photo, authorization)).json()).toMatchObject({ code: 'not-allowed' })
    }
    expect((await view(attempt, photo, '')).json()).toMatchObject({ code: 'not-signed-in' })
    expect((await view(other, photo, `reviewer ${randomUUID()}`)).json()).toMatchObject({ code: 'not-found' })
    const noPurpose = await hall.app.inject({
      method: 'GET',
      url: `/api/attempts/${attempt}/photos/${photo}`,
      headers: { authorization: `reviewer ${randomUUID()}` },
    })
    expect(noPurpose.json()).toMatchObject({ code: 'bad-input' })
    expect(
      await hall.db.selectFrom('audit_log').selectAll().where('attempt_id', '=', attempt).execute(),
    ).toEqual([])
  })
})
