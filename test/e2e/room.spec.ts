import { randomUUID } from 'node:crypto'
import { test as base, chromium, expect, type Page } from '@playwright/test'
import { createLiveRooms, type RoomTicket } from '../../proctor-server/src/platform/livekit.ts'
import type { Room } from '../../web/src/lib/platform/room/room.ts'
import { chromiumProgram } from '../load/chromiumProgram.ts'
import { roomHost, type RoomHost } from '../people/roomHost.ts'
import { syntheticDevices } from '../stack/cameras.ts'
import { livekit, type Livekit } from '../stack/livekit.ts'
import { choosePorts } from '../stack/ports.ts'
import { temporaryFolder } from '../stack/temporaryFolder.ts'

/** The site's own client of LiveKit's rooms (decision 14) with a real SFU, in a real browser, by the server's own tickets. */

interface Scene {
  readonly page: Page
  readonly sfu: Livekit
  readonly host: RoomHost
  readonly attempt: string
  readonly tickets: ReturnType<typeof createLiveRooms>
}

const test = base.extend<{ scene: Scene }>({
  // Playwright reads what a fixture needs from this pattern: it asks for one even where it is empty.
  // eslint-disable-next-line no-empty-pattern
  scene: async ({}, use) => {
    await using started = new AsyncDisposableStack()
    const folder = started.use(await temporaryFolder())
    const { port, udpPort } = await choosePorts({ port: { transport: 'tcp' }, udpPort: { transport: 'udp' } })
    const keys = { key: 'room', secret: randomUUID() + randomUUID() }
    const sfu = started.use(
      await livekit({
        ...keys,
        folder: folder.path,
        port,
        udpPort,
        webhookUrl: 'http://127.0.0.1:9/',
        restarts: false,
        progress: () => undefined,
      }),
    )
    await sfu.start()
    const host = started.use(await roomHost(sfu.url))
    const browser = await chromium.launch({
      executablePath: await chromiumProgram(),
      args: syntheticDevices({ kind: 'sitter', sitter: { label: 'C1', colour: '#1d4ed8' } }),
    })
    started.defer(() => browser.close())
    const context = await browser.newContext({ permissions: ['camera', 'microphone'] })
    const page = await context.newPage()
    await page.goto(host.origin)
    await use({
      page,
      sfu,
      host,
      attempt: randomUUID(),
      tickets: createLiveRooms({ url: sfu.url, apiKey: keys.key, apiSecret: keys.secret }),
    })
  },
})

/** What the page keeps at hand between two steps. */
interface Desk {
  readonly rooms: Record<string, Room>
  readonly heard: Record<string, string[]>
  readonly video: HTMLVideoElement
}
declare global {
  var desk: Desk
}

/** Joins a room under a name; gives how long that took, in milliseconds. */
const join = (page: Page, name: string, { token }: RoomTicket): Promise<number> =>
  page.evaluate(
    async ({ name, token }) => {
      globalThis.desk ??= { rooms: {}, heard: {}, video: document.createElement('video') }
      const { Room } = (await import(`${location.origin}/room/room.ts`)) as {
        Room: typeof import('../../web/src/lib/platform/room/room.ts').Room
      }
      const heard: string[] = (desk.heard[name] = [])
      const room = new Room(`${location.origin.replace('http', 'ws')}/livekit`, {
        changed: () => {},
        mending: () => heard.push('mending'),
        mended: () => heard.push('mended'),
      })
      void room.over.then(() => heard.push('over'))
      desk.rooms[name] = room
      const began = performance.now()
      await room.join(token)
      return performance.now() - began
    },
    { name, token },
  )

/** In the page: has the watcher receive the candidate's source at a quality; gives the first frame's size and its delay. */
const watch = (page: Page, source: string, quality: 'off' | 'low' | 'high') =>
  page.evaluate(
    async ({ source, quality }) => {
      const { rooms, video } = desk
      const watcher = rooms['watcher']!
      const found = () =>
        watcher.participants
          .all()
          .flatMap(({ tracks }) => [...tracks.values()])
          .find((track) => track.source === source)
      while (!found()) await new Promise((resolve) => setTimeout(resolve, 20))
      const began = performance.now()
      const track = found()!
      watcher.want(track, quality)
      if (quality === 'off') return null
      while (!track.media) await new Promise((resolve) => setTimeout(resolve, 5))
      video.muted = true
      if (!(video.srcObject instanceof MediaStream) || video.srcObject.getTracks()[0] !== track.media)
        video.srcObject = new MediaStream([track.media])
      await video.play()
      await new Promise((resolve) => video.requestVideoFrameCallback(resolve))
      return { height: video.videoHeight, after: performance.now() - began }
    },
    { source, quality },
  )

/** Heights of what the video shows, until it is the wanted one. */
const untilHeight = (page: Page, height: number) =>
  expect.poll(() => page.evaluate(() => desk.video.videoHeight), { timeout: 30_000 }).toBe(height)

/** Whether each layer of what the candidate publishes as a source is to be sent. */
const layers = (page: Page, source: string): Promise<boolean[]> =>
  page.evaluate((source) => {
    const track = desk.rooms['candidate']!.published.find((one) => one.source === source)
    return track!.sender.getParameters().encodings.map(({ active }) => active !== false)
  }, source)

const heard = (page: Page, name: string): Promise<string[]> =>
  page.evaluate((name) => desk.heard[name]!, name)

/** In the page: the watcher asks for another quality of a source, and waits for nothing. */
const wish = (page: Page, source: string, quality: 'paused' | 'low') =>
  page.evaluate(
    ({ source, quality }) => {
      const watcher = desk.rooms['watcher']!
      const tracks = watcher.participants.all().flatMap(({ tracks }) => [...tracks.values()])
      watcher.want(
        tracks.find((track) => track.source === source)!,
        quality,
      )
    },
    { source, quality },
  )

/** Frames the video has shown. */
const frames = (page: Page): Promise<number> =>
  page.evaluate(() => desk.video.getVideoPlaybackQuality().totalVideoFrames)

const publish = (page: Page) =>
  page.evaluate(async () => {
    const room = desk.rooms['candidate']!
    const devices = await navigator.mediaDevices.getUserMedia({
      video: { width: 640, height: 480 },
      audio: true,
    })
    await room.publish(devices.getVideoTracks()[0]!, {
      source: 'camera',
      layers: [
        { maxBitrate: 150_000, maxFramerate: 15, scaleResolutionDownBy: 2 },
        { maxBitrate: 450_000, maxFramerate: 15 },
      ],
      degradationPreference: 'maintain-framerate',
    })
    await room.publish(devices.getAudioTracks()[0]!, {
      source: 'microphone',
      layers: [{ maxBitrate: 24_000 }],
    })
    return room.published.map(({ source, sid }) => [source, sid.slice(0, 3)])
  })

test('[ROOM-01][ROOM-02][SUP-05] a candidate, a proctor who watches and one who speaks; a cut line, an SFU that restarts', async ({
  scene,
}) => {
  const { page, sfu, host, attempt, tickets } = scene
  await join(page, 'candidate', await tickets.candidateTicket(attempt, 'nonce1'))
  await join(page, 'watcher', await tickets.watcherTicket(attempt, 'proctor', 'nonce2'))

  await test.step('what is published is seen by the SFU, and by nobody who did not ask', async () => {
    expect(await publish(page)).toEqual([
      ['camera', 'TR_'],
      ['microphone', 'TR_'],
    ])
    // The SFU answers a publication before its list names it.
    await expect
      .poll(async () =>
        (await tickets.present(attempt)).joiners.map(({ nonce, tracks }) => [nonce, tracks.toSorted()]),
      )
      .toContainEqual(['nonce1', ['camera', 'microphone']])
    expect(await page.evaluate(() => desk.rooms['candidate']!.participants.all())).toEqual([])
  })

  await test.step('a tile gets the small picture, the open candidate the large one', async () => {
    await watch(page, 'camera', 'low')
    await untilHeight(page, 240)
    await expect.poll(() => layers(page, 'camera'), { timeout: 30_000 }).toEqual([true, false])
    await watch(page, 'camera', 'high')
    await untilHeight(page, 480)
    expect(await layers(page, 'camera')).toEqual([true, true])
  })

  await test.step('nobody watches: nothing leaves; somebody does: a moving picture at once', async () => {
    await watch(page, 'camera', 'off')
    await expect.poll(() => layers(page, 'camera'), { timeout: 30_000 }).toEqual([false, false])
    const seen = await watch(page, 'camera', 'high')
    console.log(
      `first frame after a rest: ${Math.round(seen?.after ?? Number.NaN)} ms, ${seen?.height} lines`,
    )
    const before = await frames(page)
    await expect.poll(() => frames(page)).toBeGreaterThan(before + 5)
    expect(await layers(page, 'camera')).toEqual([true, true])
  })

  await test.step('a proctor speaks: heard muted, then not', async () => {
    await join(page, 'speaker', await tickets.speakerTicket(attempt, 'proctor', 'nonce3'))
    const voices = () =>
      page.evaluate(() =>
        desk.rooms['candidate']!.participants.all().flatMap(({ identity, tracks }) =>
          [...tracks.values()].map(({ muted }) => [identity.split(':')[0], muted]),
        ),
      )
    await page.evaluate(async () => {
      const speaker = desk.rooms['speaker']!
      // A tone that lasts, as a voice does: the synthetic microphone's beeps are too short for an SFU to call speech.
      const context = new AudioContext()
      const tone = new OscillatorNode(context, { frequency: 220 })
      const out = new MediaStreamAudioDestinationNode(context)
      tone.connect(out)
      tone.start()
      const [microphone] = out.stream.getAudioTracks()
      const voice = await speaker.publish(microphone!, {
        source: 'microphone',
        layers: [{ maxBitrate: 24_000 }],
      })
      speaker.mute(voice, true)
    })
    await expect.poll(voices).toEqual([['speak', true]])
    await page.evaluate(() => {
      const speaker = desk.rooms['speaker']!
      speaker.mute(speaker.published[0]!, false)
    })
    await expect.poll(voices).toEqual([['speak', false]])
    const arrives = () =>
      page.evaluate(() => {
        const candidate = desk.rooms['candidate']!
        const voice = [...candidate.participants.all()[0]!.tracks.values()][0]!
        candidate.want(voice, 'high')
        return voice.media?.readyState ?? null
      })
    await expect.poll(arrives).toBe('live')
    // The SFU tells how loud somebody is to those who receive anything of theirs.
    await page.waitForFunction(
      () => desk.rooms['candidate']!.participants.all().some(({ level }) => level > 0),
      null,
      { timeout: 30_000 },
    )
    await page.evaluate(() => desk.rooms['speaker']!.leave())
    await expect.poll(voices).toEqual([])
  })

  await test.step('signalling is cut: the stay goes on, and so does the picture', async () => {
    const before = await page.evaluate(() => desk.rooms['candidate']!.published.map(({ sid }) => sid))
    host.cut()
    for (const name of ['candidate', 'watcher'])
      await expect.poll(() => heard(page, name), { timeout: 15_000 }).toEqual(['mending', 'mended'])
    const count = await frames(page)
    await expect.poll(() => frames(page)).toBeGreaterThan(count + 5)
    expect(await page.evaluate(() => desk.rooms['candidate']!.published.map(({ sid }) => sid))).toEqual(
      before,
    )
    // What is asked for after the cut is answered.
    await watch(page, 'camera', 'low')
    await untilHeight(page, 240)
    await page.evaluate(() => {
      const room = desk.rooms['candidate']!
      room.unpublish(room.published.find(({ source }) => source === 'microphone')!)
    })
    await expect.poll(async () => (await tickets.present(attempt)).joiners[0]?.tracks).toEqual(['camera'])
  })

  await test.step('a server that takes its time to restart: pictures go on meanwhile', async () => {
    host.shut = true
    host.cut()
    await expect.poll(() => heard(page, 'watcher')).toHaveLength(3)
    const since = performance.now()
    const count = await frames(page)
    await expect.poll(() => frames(page), { timeout: 30_000 }).toBeGreaterThan(count + 60)
    expect(performance.now() - since).toBeGreaterThan(3_000)
    expect(await heard(page, 'watcher')).toEqual(['mending', 'mended', 'mending'])
    // A tile is covered while nobody can be told.
    await wish(page, 'camera', 'paused')
    const covered = await frames(page)
    await expect.poll(() => frames(page)).toBeGreaterThan(covered + 5)
    host.shut = false
    await expect
      .poll(() => heard(page, 'watcher'), { timeout: 30_000 })
      .toEqual(['mending', 'mended', 'mending', 'mended'])
  })

  await test.step('a stay that is mended pauses what it was told to meanwhile, and takes it up again', async () => {
    // Nobody else watches: the layers rest, as the candidate is told by the SFU.
    await expect.poll(() => layers(page, 'camera'), { timeout: 30_000 }).toEqual([false, false])
    const count = await frames(page)
    await wish(page, 'camera', 'low')
    await expect.poll(() => frames(page), { timeout: 30_000 }).toBeGreaterThan(count + 5)
  })

  await test.step('the SFU is killed: the stay is lost; a fresh ticket leads into a fresh room', async () => {
    await sfu.kill()
    for (const name of ['candidate', 'watcher'])
      await expect.poll(() => heard(page, name), { timeout: 30_000 }).toContain('over')
    await sfu.start()
    await join(page, 'candidate', await tickets.candidateTicket(attempt, 'nonce4'))
    await join(page, 'watcher', await tickets.watcherTicket(attempt, 'proctor', 'nonce5'))
    await publish(page)
    await watch(page, 'camera', 'low')
    await untilHeight(page, 240)
  })

  await test.step('a ticket for another room than its own, or none, opens nothing', async () => {
    await expect(
      join(page, 'stranger', { room: 'x', identity: 'x', token: 'no.ticket.atall' }),
    ).rejects.toThrow()
    expect(await heard(page, 'stranger')).toEqual(['over'])
  })

  await test.step("LiveKit's own client sees what ours publishes, in the same room", async () => {
    const { token } = await tickets.watcherTicket(attempt, 'proctor', 'nonce6')
    await page.addScriptTag({ url: '/official.js' })
    const seen = await page.evaluate(
      async ({ token }) => {
        type Official = { readonly videoTrackPublications: Map<string, { setSubscribed(on: boolean): void }> }
        const { LivekitClient } = globalThis as unknown as {
          LivekitClient: {
            Room: new () => {
              connect(url: string, token: string, options: object): Promise<void>
              on(event: string, listener: (track: { attach(): HTMLVideoElement }) => void): void
              readonly remoteParticipants: Map<string, Official>
            }
          }
        }
        const room = new LivekitClient.Room()
        const arrived = new Promise<HTMLVideoElement>((resolve) =>
          room.on('trackSubscribed', (track) => resolve(track.attach())),
        )
        await room.connect(`${location.origin.replace('http', 'ws')}/livekit`, token, {
          autoSubscribe: false,
        })
        for (const one of room.remoteParticipants.values())
          for (const publication of one.videoTrackPublications.values()) publication.setSubscribed(true)
        const video = await arrived
        await new Promise((resolve) => video.requestVideoFrameCallback(resolve))
        return video.videoHeight
      },
      { token },
    )
    expect(seen).toBeGreaterThanOrEqual(240)
  })
})
