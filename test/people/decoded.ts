import type { Page } from '@playwright/test'
import { samplesOf, tracksOf } from './mp4.ts'
import type { PlayedRun } from './reviewer.ts'

/** How long a run says that it lasts, in seconds: what the server holds of it. */
export const secondsOf = (run: PlayedRun): number =>
  run.segments.reduce((sum, { seconds }) => sum + seconds, 0)

/** Decodes every picture of a run in a real browser; tells how many came out. */
export async function decodePictures(page: Page, run: PlayedRun): Promise<number> {
  const track = tracksOf(run.init).find(({ video }) => video)!
  const samples = run.segments.flatMap(({ bytes }) => samplesOf(bytes, track))
  return page.evaluate(
    async ({ codec, description, pictures }) => {
      const bytes = (text: string) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))
      let count = 0
      const decoder = new VideoDecoder({
        output: (frame) => {
          count += 1
          frame.close()
        },
        error: (error) => {
          throw error
        },
      })
      decoder.configure({ codec, ...(description ? { description: bytes(description) } : {}) })
      pictures.forEach(({ key, data }, index) =>
        decoder.decode(
          new EncodedVideoChunk({ type: key ? 'key' : 'delta', timestamp: index * 1_000, data: bytes(data) }),
        ),
      )
      await decoder.flush()
      return count
    },
    {
      codec: track.codec ?? 'vp09.00.10.08',
      description: track.description?.toString('base64') ?? null,
      pictures: samples.map(({ key, data }) => ({ key, data: data.toString('base64') })),
    },
  )
}

/** Decodes the sound of a run (Opus) in a real browser; tells how many seconds came out, 0 without any. */
export async function decodeSound(page: Page, run: PlayedRun): Promise<number> {
  const track = tracksOf(run.init).find(({ video }) => !video)
  if (!track) return 0
  const samples = run.segments.flatMap(({ bytes }) => samplesOf(bytes, track))
  return page.evaluate(
    async ({ channels, packets }) => {
      let seconds = 0
      const decoder = new AudioDecoder({
        output: (sound) => {
          seconds += sound.numberOfFrames / sound.sampleRate
          sound.close()
        },
        error: (error) => {
          throw error
        },
      })
      decoder.configure({ codec: 'opus', sampleRate: 48_000, numberOfChannels: channels })
      packets.forEach((packet, index) => {
        const data = Uint8Array.from(atob(packet), (sign) => sign.charCodeAt(0))
        decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp: index * 20_000, data }))
      })
      await decoder.flush()
      return seconds
    },
    { channels: track.channels, packets: samples.map(({ data }) => data.toString('base64')) },
  )
}
