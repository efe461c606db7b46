import { paraglideVitePlugin } from '@inlang/paraglide-js'
import { sveltekit } from '@sveltejs/kit/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import { contractRoutes } from './contractRoutes.ts'
import { examWeight } from './examWeight.ts'
import { faceDetector } from './faceDetector.ts'
import { keepsStartOrder, staticSite } from './staticSite.ts'

/** Where `npm run dev` finds a running Vigie server; the built site is served by that server itself. */
const server = process.env['VIGIE_SERVER'] ?? 'http://127.0.0.1:4780'

/**
 * What is small and shared (icons, words, plain widgets) travels together with what the same pages use: a few requests
 * instead of hundreds, and no page gets another's words. A group takes along all that its modules import, so nothing in
 * it may lead to SvelteKit (`keepsStartOrder`) or to something large.
 */
const COMMON = /\/src\/lib\/(ui|paraglide)\/|@lucide\//
/** The same in every version of ours: it stays in the browser's cache over a deployment. */
const SVELTE = /\/node_modules\/(svelte|clsx|esm-env)\//

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: './project.inlang',
      outdir: './src/lib/paraglide',
      // The locale is a rune (src/lib/platform/preferences.svelte.ts), so no strategy of Paraglide's own is used.
      strategy: ['globalVariable', 'baseLocale'],
      emitTsDeclarations: true,
    }),
    contractRoutes(),
    faceDetector(),
    keepsStartOrder(),
    examWeight(),
    tailwindcss(),
    sveltekit({
      adapter: staticSite({ directory: 'build' }),
      compilerOptions: { runes: true },
      // Registered by src/lib/platform/serviceWorker.svelte.ts, which also decides when a new version may start.
      serviceWorker: { register: false },
      version: { pollInterval: 0 },
    }),
  ],
  // `light-dark()` stays as written: every browser the exam accepts knows it, the public pages need one of 2024.
  build: {
    target: ['chrome125', 'edge125', 'firefox128', 'safari17.5'],
    chunkSizeWarningLimit: 600, // hls.js, which only the review loads
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  worker: { format: 'es' },
  environments: {
    client: {
      build: {
        rolldownOptions: {
          output: {
            codeSplitting: {
              groups: [
                { name: 'svelte', test: SVELTE, priority: 1 },
                {
                  name: 'common',
                  test: COMMON,
                  minShareCount: 2,
                  entriesAware: true,
                  entriesAwareMergeThreshold: 8_000,
                },
              ],
            },
          },
        },
      },
    },
  },
  server: {
    // The server hears its own origin only: sign-ins and sockets from elsewhere are refused.
    proxy: Object.fromEntries(
      ['/api', '/socket.io', '/livekit'].map((path) => [
        path,
        { target: server, ws: true, headers: { origin: server } },
      ]),
    ),
  },
})
