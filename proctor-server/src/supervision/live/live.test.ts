import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { StillNews } from '@vigie/contract/supervision/still'
import { OLDEST_PROTOCOL_VERSION } from '@vigie/contract/protocol'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { DEFAULT_POLICY } from '@vigie/exam-engine/catalog/policy'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAct } from '../../attempt/act.ts'
import { drainDeadlines } from '../../attempt/deadlines.ts'
import { createLog } from '../../platform/log.ts'
import { createMetrics } from '../../platform/metrics.ts'
import {
  granted,
  reachQueue,
  startSitting,
  unlock,
  type Candidate,
  type Console,
} from '../../testing/examDay.ts'
import { candidatePage, connect, consolePage } from '../../testing/people.ts'
import { startTestServer, type TestServer } from '../../testing/server.ts'

const MINUTE = 60_000
/** The smallest thing that begins as a JPEG does; the server looks no further. */
const jpeg = (text: string) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from(text.repeat(50))])

describe('the live side of a sitting', () => {
  let server: TestServer
  let candidate: Candidate
  let console: Console
  let attempt: ReturnType<typeof attemptId.parse>
  beforeAll(async () => {
    server = await startTestServer()
    // A certification that does not ask for copies: nothing of them may be kept.
    const rows = await server.db.selectFrom('policy').select(['certification_id', 'version']).execute()
    for (const row of rows)
      await server.db
        .updateTable('policy')
        .set({
          content: JSON.stringify({ ...DEFAULT_POLICY, signals: { ...DEFAULT_POLICY.signals, copy: false } }),
        })
        .where('certification_id', '=', row.certification_id)
        .where('version', '=', row.version)
        .execute()
    ;({ candidate, console } = await startSitting(server))
    attempt = attemptId.parse(candidate.attempt)
  })
  afterAll(async () => {
    candidate?.close()
    console?.close()
    await server?.[Symbol.asyncDispose]()
  })

  const signals = async () =>
    (
      await server.db
        .selectFrom('remark')
        .select(['code', 'detail', 'at'])
        .where('attempt_id', '=', attempt)
        .where('kind', '=', 'signal')
        .orderBy('at')
        .orderBy('id')
        .execute()
    ).map(({ code, detail, at }) => ({ code, detail, at }))
  const marks = async () => granted(await console.ask('supervision:timeline', { attempt })).marks

  it('[SUP-07.1] the page is told what to notice; what the policy has off is not kept even when it is sent', async () => {
    const view = await candidate.status('running')
    expect(view.live.signals).toEqual([
      'page-hidden',
      'window-left',
      'second-screen',
      'paste',
      'virtual-camera',
    ])
    granted(await candidate.ask('attempt:signal', { signal: 'copy' }))
    granted(await candidate.ask('attempt:signal', { signal: 'paste' }))
    expect((await signals()).map(({ code }) => code)).toEqual(['paste'])
    const seen = await console.case((one) => one.live.signal?.code === 'paste')
    expect(seen.live.signal).toMatchObject({ count: 1 })
  })

  it('[SUP-07.3] the same signal again at once is one signal; one noticed offline has its own moment', async () => {
    for (let again = 0; again < 5; again += 1)
      granted(await candidate.ask('attempt:signal', { signal: 'window-left' }))
    granted(await candidate.ask('attempt:signal', { signal: 'window-left', ago: 30_000 }))
    const kept = (await signals()).filter(({ code }) => code === 'window-left')
    expect(kept).toHaveLength(2)
    expect(kept[1]!.at - kept[0]!.at).toBeGreaterThan(29_000)
    expect((await marks()).filter(({ lane }) => lane === 'signals').length).toBe((await signals()).length)
  })

  it('[ROOM-03.2] a lost track is an incident at once, with its cause, and answering goes on', async () => {
    granted(await candidate.ask('attempt:media', { track: 'screen', lost: true, cause: 'wrong-surface' }))
    const lost = await console.case((one) => one.view.lostMedia.length > 0)
    expect(lost.view.lostMedia).toMatchObject([{ track: 'screen' }])
    expect(lost.view.status).toBe('running')
    expect((await signals()).at(-1)).toMatchObject({
      code: 'screen-lost',
      detail: { cause: 'wrong-surface' },
    })
    granted(await candidate.ask('attempt:media', { track: 'screen', lost: false }))
    await console.case((one) => one.view.lostMedia.length === 0)
  })

  it('[ROOM-03.1] after 60 s of grace it is put on hold for the proctor’s decision; however long, no machine closes it', async () => {
    granted(await candidate.ask('attempt:media', { track: 'camera', lost: true }))
    const { due_at } = await server.db
      .selectFrom('attempt')
      .select('due_at')
      .where('id', '=', attempt)
      .executeTakeFirstOrThrow()
    const [loss] = (await candidate.view((one) => one.lostMedia.length > 0)).lostMedia
    expect(due_at).toBe(loss!.since + MINUTE)
    let now = loss!.since + MINUTE - 1
    const clock = { now: () => now, elapsed: () => now }
    const { db } = server
    // As the process that holds the page: another one would leave it what is due.
    const { replica } = await db.selectFrom('heartbeat').select('replica').executeTakeFirstOrThrow()
    const ports = { db, clock, replica, withChanges: async () => {}, publish: () => {} }
    const drain = () =>
      drainDeadlines({
        ...ports,
        act: createAct(ports),
        log: createLog('silent'),
        metrics: createMetrics(),
        heart: { beat: async () => {}, steady: async () => {} },
      })
    const status = async () =>
      (await db.selectFrom('attempt').select('status').where('id', '=', attempt).executeTakeFirstOrThrow())
        .status
    await drain()
    expect(await status()).toBe('running')
    now += 1
    await drain()
    now += 10_000
    await drain()
    expect(await status()).toBe('held')
    now += 20 * MINUTE
    await drain()
    expect(await status()).toBe('held')
    granted(await candidate.ask('attempt:media', { track: 'camera', lost: false }))
    granted(await console.ask('supervision:resume', { attempt, credit: false }))
    await candidate.status('running')
  })

  it('[ROOM-02.4] a step is kept with its moment, shown to both, and stands in the timeline', async () => {
    granted(await candidate.ask('attempt:step', { step: 'stills', ago: 4_000 }))
    const shown = await console.case((one) => one.view.live.step === 'stills')
    expect(shown.view.now - shown.view.live.stepSince!).toBeGreaterThanOrEqual(4_000)
    expect((await candidate.view((one) => one.live.step === 'stills')).live.stepSince).toBe(
      shown.view.live.stepSince,
    )
    granted(await candidate.ask('attempt:step', { step: 'live' }))
    await console.case((one) => one.view.live.step === 'live')
    expect((await marks()).filter(({ type }) => type === 'step').map(({ detail }) => detail['step'])).toEqual(
      ['stills', 'live'],
    )
  })

  const send = (source: string, body: Buffer, lease = candidate.lease) =>
    fetch(`${server.origin}/api/attempts/${attempt}/stills/${source}?lease=${lease}`, {
      method: 'POST',
      headers: { 'content-type': 'image/jpeg', authorization: `Attempt ${candidate.credential}` },
      body: new Uint8Array(body),
    })
  const stored = async () =>
    (await readdir(join(server.dataDir, 'objects', 'evidence', attempt)).catch(() => [])).filter((name) =>
      name.startsWith('still-'),
    )

  it('[ROOM-02.5] a still reaches the wall, sealed on disk, one of each source, and nobody else', async () => {
    const news = new Promise<StillNews>((resolve) => console.socket.once('still', resolve))
    const sent = await send('camera', jpeg('first'))
    expect(sent.status).toBe(200)
    expect(await news).toMatchObject({ attempt, source: 'camera' })
    expect((await send('screen', jpeg('desktop'))).status).toBe(200)
    expect(await stored()).toHaveLength(2)
    expect((await send('camera', jpeg('too soon'))).status).toBe(429)
    expect((await send('camera', Buffer.from('no picture'))).status).toBe(422)
    const seen = await fetch(`${server.origin}/api/supervision/${attempt}/stills/camera`, {
      headers: { cookie: console.cookie },
    })
    expect(seen.headers.get('cache-control')).toBe('no-store')
    expect(Buffer.from(await seen.arrayBuffer()).equals(jpeg('first'))).toBe(true)
    const stranger = await fetch(`${server.origin}/api/supervision/${attempt}/stills/camera`, {
      headers: { cookie: await server.signIn('surveillant2@demo.test') },
    })
    expect(stranger.status).toBe(403)
  })

  it('[ROOM-03.3] a computer that stops answering is noticed while its line still stands, and is heard again', async () => {
    const { transport } = candidate.socket.io.engine as unknown as {
      transport: { ws: { _socket: { pause(): void; resume(): void } } }
    }
    transport.ws._socket.pause()
    const silent = await console.case((one) => one.live.silentSince !== null)
    expect(silent.connected).toBe(true)
    transport.ws._socket.resume()
    await console.case((one) => one.live.silentSince === null)
  })

  it('[ROOM-05.1] a page that takes over: lease change told, the older one sent away', async () => {
    const superseded = new Promise<void>((resolve) => candidate.socket.once('superseded', () => resolve()))
    const other = await candidatePage(server, 'camille@demo.test')
    await superseded
    expect((await signals()).at(-1)).toMatchObject({ code: 'lease-changed', detail: { device: 'same' } })
    candidate = other
    expect((await send('camera', jpeg('older page'), other.lease - 1)).status).toBe(409)
  })

  it('[ROOM-02.5] with the end of the exam its stills are gone', async () => {
    expect(await stored()).not.toHaveLength(0)
    granted(await console.ask('supervision:terminate', { attempt, reason: 'candidate-gave-up' }))
    await expect.poll(stored, { timeout: 15_000 }).toEqual([])
    expect((await send('camera', jpeg('after the end'))).status).toBe(409)
  })

  it('[SUP-07.2] before the start leaving the window is nobody’s business', async () => {
    const other = await candidatePage(server, 'noe@demo.test')
    await reachQueue(server, other)
    await unlock(console, other)
    granted(await other.ask('attempt:signal', { signal: 'page-hidden' }))
    const kept = await server.db
      .selectFrom('remark')
      .select('code')
      .where('attempt_id', '=', other.attempt)
      .execute()
    expect(kept).toEqual([])
    other.close()
  })
})

describe('a page from before the last deployment', () => {
  it('[ROOM-06.1] speaks protocol N−1 to the end of its exam: it knows no step, cause or lease of a ticket', async () => {
    await using server = await startTestServer()
    const { candidate, console } = await startSitting(server)
    const attempt = attemptId.parse(candidate.attempt)
    candidate.close()
    const outcome = await connect(server, {
      protocol: OLDEST_PROTOCOL_VERSION,
      kind: 'candidate',
      attempt,
      credential: candidate.credential,
      lease: candidate.lease,
      lastNumber: 0,
    })
    if (!('socket' in outcome)) throw new Error(outcome.refused)
    const { socket } = outcome
    const ask = (name: string, input: object) => socket.timeout(8_000).emitWithAck(name, input)
    expect(await ask('attempt:media', { track: 'camera', lost: true })).toMatchObject({ ok: true })
    await console.case((one) => one.view.lostMedia.length === 1)
    expect(await ask('attempt:signal', { signal: 'paste' })).toMatchObject({ ok: true })
    const save = { lease: candidate.lease, number: 1, answers: {} }
    expect(await ask('attempt:save', save)).toMatchObject({ ok: true })
    expect(await ask('attempt:request-end', { lastNumber: 1 })).toMatchObject({ ok: true })
    granted(await console.ask('supervision:agree-to-end', { attempt }))
    await console.case((one) => one.view.status === 'sealed')
    socket.close()
    console.close()
  })
})

describe('a console that was away', () => {
  it('[ROOM-02.5] finds the moment of the last stills when it comes back', async () => {
    await using server = await startTestServer()
    const { candidate, console } = await startSitting(server)
    console.close()
    const sent = await fetch(
      `${server.origin}/api/attempts/${candidate.attempt}/stills/screen?lease=${candidate.lease}`,
      {
        method: 'POST',
        headers: { 'content-type': 'image/jpeg', authorization: `Attempt ${candidate.credential}` },
        body: new Uint8Array(jpeg('desktop')),
      },
    )
    const { at } = (await sent.json()) as { at: number }
    const again = await consolePage(server, 'surveillant@demo.test')
    granted(await candidate.ask('attempt:step', { step: 'stills' }))
    const one = await again.case((seen) => seen.view.live.step === 'stills')
    expect(one.live.stills).toEqual({ camera: null, screen: at })
    candidate.close()
    again.close()
  })
})
