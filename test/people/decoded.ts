import type { Page } from '@playwright/test'
import { samplesOf, tracksOf } from './mp4.ts'
import type { PlayedRun } from './reviewer.ts'

/** Decodes every picture of a run in a real browser; tells how many came out, and how many were to be expected. */
export async function decode(page: Page, run: PlayedRun): Promise<{ decoded: number; expected: number }> {
  const track = tracksOf(run.init).find(({ video }) => video)!
  const samples = run.segments.flatMap(({ bytes }) => samplesOf(bytes, track))
  const decoded = await page.evaluate(
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
  const seconds = run.segments.reduce((sum, segment) => sum + segment.seconds, 0)
  const usual = [...samples].sort((a, b) => a.duration - b.duration)[Math.floor(samples.length / 2)]!.duration
  return { decoded, expected: seconds / usual }
}
