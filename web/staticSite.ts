import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import adapter from '@sveltejs/adapter-static'
import type { Adapter, Builder } from '@sveltejs/kit'
import type { Plugin } from 'vite'

/** The shell of the single-page app: every address that is not a file of the site gets it. */
const SHELL = 'index.html'

/**
 * Writes the site as plain files and moves SvelteKit's inline start script into a file of its own, so that the
 * server's Content-Security-Policy needs no hash, no nonce and no `unsafe-inline` for scripts. The file's name
 * holds the version, which lets the service worker find it. Brotli and gzip copies stand beside each file.
 */
export function staticSite({ directory }: { directory: string }): Adapter {
  return {
    name: 'vigie-static-site',
    async adapt(builder) {
      await adapter({ pages: directory, fallback: SHELL, precompress: false }).adapt(builder)
      const file = join(directory, SHELL)
      const { html, script } = withoutInlineScript(
        readFileSync(file, 'utf8'),
        bootScript(builder.config.version.name),
      )
      const target = join(directory, bootScript(builder.config.version.name))
      mkdirSync(dirname(target), { recursive: true })
      writeFileSync(target, script)
      writeFileSync(file, html)
      await compress(builder, directory)
    },
  }
}

/** An engine of megabytes takes half a minute at the best quality, for a tenth less than at this one. */
const ENGINE = /\.wasm$/
const ENGINE_QUALITY = 9

/** Brotli and gzip copies beside each file; engines, which the builder would take too long for, by ourselves. */
async function compress(builder: Builder, directory: string): Promise<void> {
  const engines = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => ENGINE.test(name))
    .map((name) => join(directory, name))
  const aside = (file: string) => `${file}.aside`
  for (const file of engines) renameSync(file, aside(file))
  await builder.compress(directory)
  for (const file of engines) {
    renameSync(aside(file), file)
    const content = readFileSync(file)
    const params = { [constants.BROTLI_PARAM_QUALITY]: ENGINE_QUALITY }
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params }))
    writeFileSync(`${file}.gz`, gzipSync(content))
  }
}

/** Where the start script of a version lies; src/service-worker/index.ts builds the same path. */
const bootScript = (version: string) => `/_app/immutable/boot.${version}.js`

/**
 * Replaces the one inline script of `html` by a reference to `path`. `document.currentScript` still names the
 * right element there, because a classic script without `async` or `defer` runs where it stands.
 * @throws when there is not exactly one inline script: then SvelteKit changed, and the policy would block the page.
 */
export function withoutInlineScript(html: string, path: string): { html: string; script: string } {
  const inline = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)]
  const [only] = inline
  if (!only || inline.length > 1)
    throw new Error(`expected one inline script in the shell, found ${inline.length}`)
  return { html: html.replace(only[0], `<script src="${path}"></script>`), script: (only[1] ?? '').trim() }
}

/**
 * Fails a build in which SvelteKit's client would be evaluated before it is told the version (its `payload`): the
 * page would then take itself for outdated and reload for ever at its first error. Grouping chunks can cause it.
 */
export function keepsStartOrder(): Plugin {
  return {
    name: 'vigie-keeps-start-order',
    applyToEnvironment: ({ name }) => name === 'client',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue
        const holds = (part: string) =>
          chunk.moduleIds.some((id) => id.includes(`@sveltejs/kit/src/runtime/${part}`))
        if (holds('client/payload.js') && holds('app/env/')) {
          this.error(
            `SvelteKit's payload and client share the chunk ${chunk.fileName}: narrow COMMON in vite.config.ts`,
          )
        }
      }
    },
  }
}
