import { compileModule } from 'svelte/compiler'
import type { Plugin } from 'vite'

/** Runes of `*.svelte.ts` for tests that need no browser: the same compiler as in the site, and nothing else of it. */
export const runes = (): Plugin => ({
  name: 'runes',
  enforce: 'post',
  transform(code, id) {
    const [filename = id] = id.split('?')
    if (!filename.endsWith('.svelte.ts')) return null
    return compileModule(code, { filename, generate: 'client' }).js
  },
})
