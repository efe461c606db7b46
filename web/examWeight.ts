import { brotliCompressSync } from 'node:zlib'
import type { Plugin, Rolldown } from 'vite'

/** Kilobytes (1,000 bytes), compressed: what a line of 768 kbit/s brings in under three seconds. */
const LIMIT = 250

/** What a page in mid-exam loads: itself, what src/lib/attempt/ahead.ts fetches, and what every page stands on. */
const EXAM_PAGE = [
  '/runtime/client/entry.js',
  '/client-optimized/app.js',
  '/src/routes/+layout.svelte',
  '/src/routes/+error.svelte',
  '/src/routes/(candidate)/passages/[attempt]/+page.svelte',
  '/src/lib/evidence/recording.svelte.ts',
  '/src/lib/evidence/rendition.ts',
  '/src/lib/evidence/PhotoCapture.svelte',
  '/src/lib/evidence/photo.ts',
]

/**
 * Fails a build whose exam page has grown too heavy for a slow line (issue 3), and one whose exam page is no longer found
 * where it is listed here. `npm run bench -- weight` measures the same in a browser.
 */
export function examWeight(): Plugin {
  return {
    name: 'vigie-exam-weight',
    applyToEnvironment: ({ name }) => name === 'client',
    generateBundle(_options, bundle) {
      const chunks = new Map(
        Object.values(bundle).flatMap((one) => (one.type === 'chunk' ? [[one.fileName, one] as const] : [])),
      )
      const found = EXAM_PAGE.map((part) => {
        const holder = [...chunks.values()].find(({ moduleIds }) => moduleIds.some((id) => id.endsWith(part)))
        return holder ?? this.error(`no part of the site holds ${part}: correct the list in examWeight.ts`)
      })
      const loaded = new Set<Rolldown.OutputChunk>()
      const load = (chunk: Rolldown.OutputChunk): void => {
        if (loaded.has(chunk)) return
        loaded.add(chunk)
        for (const name of chunk.imports) {
          const imported = chunks.get(name)
          if (imported) load(imported)
        }
      }
      found.forEach(load)
      const weighed = [...loaded]
        .map((chunk) => ({ chunk, bytes: brotliCompressSync(chunk.code).length }))
        .sort((a, b) => b.bytes - a.bytes)
      const kilobytes = weighed.reduce((sum, { bytes }) => sum + bytes, 0) / 1_000
      if (kilobytes <= LIMIT) return
      const heaviest = weighed.slice(0, 8).map(({ chunk, bytes }) => {
        const largest = chunk.moduleIds.at(-1)?.split('/').slice(-2).join('/')
        return `  ${(bytes / 1_000).toFixed(1)} kB ${chunk.fileName} (${chunk.moduleIds.length} modules, ${largest} …)`
      })
      this.error(
        `The scripts of the exam page weigh ${kilobytes.toFixed(1)} kB compressed; ${LIMIT} is the limit.\n${heaviest.join('\n')}`,
      )
    },
  }
}
