import { paraglideVitePlugin } from '@inlang/paraglide-js'
import { sveltekit } from '@sveltejs/kit/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import { contractRoutes } from './contractRoutes.ts'
import { staticSite } from './staticSite.ts'

/** Where `npm run dev` finds a running Vigie server; the built site is served by that server itself. */
const server = process.env['VIGIE_SERVER'] ?? 'http://127.0.0.1:3000'

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: './project.inlang',
      outdir: './src/lib/paraglide',
      // The locale is a rune (src/lib/platform/language.svelte.ts), so no strategy of Paraglide's own is used.
      strategy: ['globalVariable', 'baseLocale'],
      emitTsDeclarations: true,
    }),
    contractRoutes(),
    tailwindcss(),
    sveltekit({
      adapter: staticSite({ directory: 'build' }),
      compilerOptions: { runes: true },
      // Registered by src/lib/platform/serviceWorker.svelte.ts, which also decides when a new version may start.
      serviceWorker: { register: false },
      version: { pollInterval: 0 },
    }),
  ],
  // `light-dark()` stays as written: every browser the exam accepts knows it, the public pages need spring 2024.
  build: { target: ['chrome125', 'edge125', 'firefox128', 'safari17.5'] },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/socket.io', '/livekit'].map((path) => [path, { target: server, ws: true }]),
    ),
  },
})
