import { randomUUID } from 'node:crypto'
import { playlistPath } from '@vigie/contract/review/playback'
import { MINUTE, SECOND } from '@vigie/kernel/instant'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commitSegments } from './commits.ts'
import { coverageOf } from './coverage.ts'
import { receiveSegment } from './intake.ts'
import { segmentsOf } from './store.ts'
import { commitOf, openHall, record, type Hall, type Recorded } from './testHall.ts'

let hall: Hall

beforeAll(async () => {
  hall = await openHall()
})
afterAll(async () => {
  await hall[Symbol.asyncDispose]()
})

const get = (url: string, authorization: string) =>
  hall.app.inject({ method: 'GET', url, headers: { authorization } })

const send = async (attempt: string, segments: readonly Recorded[]) => {
  for (const segment of segments) await receiveSegment(hall, attempt, segment, segment.content, null)
}

describe('[REV-02] the playlist', () => {
  it('dates every segment, opens each rendition with its own initialisation segment, and serves bytes as recorded', async () => {
    const attempt = await hall.attempt({ status: 'sealed' })
    const start = hall.clock.now()
    const [first, second] = [
      record('camera', 2, start + 8 * SECOND),
      record('camera', 2, start + 28 * SECOND),
    ]
    hall.clock.move(28 * SECOND)
    for (const run of [first, second]) {
      await commitSegments(hall, attempt, run.map(commitOf))
      await send(attempt, run)
    }
    const reviewer = `reviewer ${randomUUID()}`
    const playlist = await get(playlistPath(attempt, 'camera', 'review'), reviewer)
    expect(playlist.statusCode).toBe(200)
    const lines = playlist.body.trim().split('\n')
    const iso = (offset: number) => new Date(start + offset * SECOND).toISOString()
    expect(lines).toEqual([
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      '#EXT-X-TARGETDURATION:4',
      '#EXT-X-MEDIA-SEQUENCE:0',
      '#EXT-X-PLAYLIST-TYPE:VOD',
      '#EXT-X-INDEPENDENT-SEGMENTS',
      `#EXT-X-MAP:URI="${first[0]!.rendition}/0?purpose=review"`,
      `#EXT-X-PROGRAM-DATE-TIME:${iso(0)}`,
      '#EXTINF:4.000,',
      `${first[0]!.rendition}/1?purpose=review`,
      `#EXT-X-PROGRAM-DATE-TIME:${iso(4)}`,
      '#EXTINF:4.000,',
      `${first[0]!.rendition}/2?purpose=review`,
      '#EXT-X-DISCONTINUITY',
      `#EXT-X-MAP:URI="${second[0]!.rendition}/0?purpose=review"`,
      `#EXT-X-PROGRAM-DATE-TIME:${iso(20)}`,
      '#EXTINF:4.000,',
      `${second[0]!.rendition}/1?purpose=review`,
      `#EXT-X-PROGRAM-DATE-TIME:${iso(24)}`,
      '#EXTINF:4.000,',
      `${second[0]!.rendition}/2?purpose=review`,
      '#EXT-X-ENDLIST',
    ])
    const base = new URL(playlistPath(attempt, 'camera', 'review'), 'http://host')
    const bytes = await get(new URL(lines.at(-2)!, base).href.slice('http://host'.length), reviewer)
    expect(bytes.rawPayload.equals(second[2]!.content)).toBe(true)
    expect(bytes.headers['content-type']).toBe('video/mp4')
  })

  it('grows only at its end while the exam runs, and stops waiting for what will hardly come', async () => {
    const attempt = await hall.attempt()
    const run = record('screen', 4, hall.clock.now())
    await commitSegments(hall, attempt, run.map(commitOf))
    await send(attempt, [run[0]!, run[1]!, run[3]!])
    const listed = async () =>
      (await get(playlistPath(attempt, 'screen', 'review'), `reviewer ${randomUUID()}`)).body
        .split('\n')
        .flatMap((line) => /\/(\d+)\?purpose/.exec(line)?.[1] ?? [])
    const text = (await get(playlistPath(attempt, 'screen', 'review'), `reviewer ${randomUUID()}`)).body
    expect(text).toContain('#EXT-X-PLAYLIST-TYPE:EVENT')
    expect(text).not.toContain('ENDLIST')
    expect(await listed()).toEqual(['0', '1'])
    await send(attempt, [run[2]!])
    expect(await listed()).toEqual(['0', '1', '2', '3'])
    hall.clock.move(2 * MINUTE)
    expect(await listed()).toEqual(['0', '1', '2', '3'])
  })

  it('[REV-05] is logged with person, time and purpose, once for a sitting', async () => {
    const attempt = await hall.attempt({ status: 'sealed' })
    const run = record('camera', 1)
    await commitSegments(hall, attempt, run.map(commitOf))
    await send(attempt, run)
    const reviewer = randomUUID()
    const path = playlistPath(attempt, 'camera', 'appeal')
    await get(path, `reviewer ${reviewer}`)
    await get(path.replace('playlist.m3u8', `${run[0]!.rendition}/1`), `reviewer ${reviewer}`)
    hall.clock.move(11 * MINUTE)
    await get(path.replace('playlist.m3u8', `${run[0]!.rendition}/1`), `reviewer ${reviewer}`)
    const log = await hall.db
      .selectFrom('audit_log')
      .selectAll()
      .where('attempt_id', '=', attempt)
      .orderBy('at')
      .execute()
    expect(log).toMatchObject([
      { actor: `person:${reviewer}`, action: 'evidence.camera.viewed', purpose: 'appeal' },
      {
        actor: `person:${reviewer}`,
        action: 'evidence.camera.viewed',
        purpose: 'appeal',
        at: hall.clock.now(),
      },
    ])
  })

  it('is refused to everybody but a reviewer who did not proctor the attempt', async () => {
    const proctor = randomUUID()
    const attempt = await hall.attempt({ proctor, status: 'sealed' })
    await hall.db
      .insertInto('attempt_event')
      .values({
        attempt_id: attempt,
        seq: 1,
        at: 0,
        type: 'taken',
        data: JSON.stringify({ seq: 1, event: { type: 'taken', proctorId: proctor } }),
        hash: '0'.repeat(64),
      })
      .execute()
    const path = playlistPath(attempt, 'camera', 'review')
    for (const authorization of [`proctor ${proctor}`, `reviewer ${proctor}`, `attempt ${attempt}`]) {
      expect((await get(path, authorization)).json()).toMatchObject({ code: 'not-allowed' })
    }
    expect((await get(path, '')).json()).toMatchObject({ code: 'not-signed-in' })
  })
})

describe('[EVD-01] coverage', () => {
  it('tells runs apart by rendition and attestation, and finds the gaps with their cause', async () => {
    const attempt = await hall.attempt()
    const start = hall.clock.now()
    const [first, second] = [
      record('camera', 3, start + 12 * SECOND),
      record('camera', 2, start + 38 * SECOND),
    ]
    hall.clock.move(12 * SECOND)
    await commitSegments(hall, attempt, first.map(commitOf))
    await send(attempt, first.slice(0, 3))
    hall.clock.move(60 * SECOND)
    await commitSegments(hall, attempt, second.map(commitOf))
    await send(attempt, second)
    const coverage = coverageOf(
      'camera',
      await segmentsOf(hall.db, attempt),
      { from: start, to: start + 38 * SECOND },
      [{ cause: 'disconnected', from: start + 12 * SECOND, to: start + 30 * SECOND }],
    )
    const at = (offset: number) => start + offset * SECOND
    expect(coverage.stretches).toMatchObject([
      { from: at(0), to: at(8), segments: 2, attestation: 'live', superseded: false },
      { from: at(30), to: at(38), segments: 2, attestation: 'late' },
    ])
    expect(coverage.gaps).toEqual([{ from: at(8), to: at(30), cause: 'disconnected' }])
  })
})
