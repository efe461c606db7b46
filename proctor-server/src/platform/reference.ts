import type { FastifyInstance } from 'fastify'

interface Operation {
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly operationId?: string
}

interface Document {
  readonly info: { readonly title: string; readonly version: string }
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** The contract to read in a browser, made from the same document: no script, no third party. */
function page(document: Document): string {
  const rows = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const body = escape(JSON.stringify(operation, null, 2))
      return `<details><summary><code>${escape(method.toUpperCase())} /api${escape(path)}</code> ${escape(operation.operationId ?? '')}</summary><pre>${body}</pre></details>`
    }),
  )
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escape(document.info.title)} API</title>
<style>body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}summary{padding:.4rem 0;cursor:pointer}pre{overflow:auto}</style>
<h1>${escape(document.info.title)} API, version ${escape(document.info.version)}</h1>
<p>The same as <a href="/api/openapi.json">openapi.json</a>. Bytes (photos, segments, bandwidth transfers) are plain routes beside.</p>
${rows.join('\n')}</html>`
}

/** Serves the OpenAPI document and the page to read it. */
export function referenceRoutes(app: FastifyInstance, document: unknown): void {
  app.get('/api/openapi.json', async () => document)
  app.get('/api/reference', async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(page(document as Document)),
  )
}
