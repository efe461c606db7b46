import { MESSAGE_LIMIT } from '@vigie/contract/protocol'
import httpProxy from '@fastify/http-proxy'
import fastifyStatic from '@fastify/static'
import { ERROR_STATUS } from '@vigie/contract/errors'
import {
  fastify,
  LogController,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { Config } from '../config.ts'
import { toRefusal, writeRefusal } from './command.ts'
import type { Log } from './log.ts'
import { Refused } from './refused.ts'

/** Sends a refusal in the shape that oRPC gives to its own, so that browsers meet one: code, status, data. */
export function sendRefusal(reply: FastifyReply, refusal: Refused): FastifyReply {
  if (ERROR_STATUS[refusal.code] === 503) void reply.header('retry-after', '5')
  return reply.status(ERROR_STATUS[refusal.code]).send({
    code: refusal.code,
    status: ERROR_STATUS[refusal.code],
    message: refusal.code,
    ...(refusal.detail ? { data: refusal.detail } : {}),
  })
}

/** Fastify's own errors (a body that is too large, a malformed one) in our words. */
function ofFastify(error: FastifyError | Error, request: FastifyRequest): Refused {
  if ('statusCode' in error && error.statusCode < 500) {
    const code = error.statusCode === 413 ? 'too-large' : error.statusCode === 404 ? 'not-found' : 'bad-input'
    request.log.warn({ code, reason: error.message }, 'refused')
    return new Refused(code)
  }
  const refusal = toRefusal(error, request.log as Log)
  writeRefusal(request.log as Log, refusal, { name: request.routeOptions.url })
  return refusal
}

/**
 * What every answer carries. The page may use camera, microphone, screen and wake lock, nobody else may; scripts come
 * from our origin only, none stands in the page itself.
 */
function securityHeaders(config: Config): Record<string, string> {
  const csp = [
    `default-src 'self'`,
    `script-src 'self'`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' blob: data:`,
    `media-src 'self' blob:`,
    `worker-src 'self' blob:`,
    `connect-src 'self'`,
    `font-src 'self'`,
    `object-src 'none'`,
    `frame-ancestors 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
  ].join('; ')
  return {
    'content-security-policy': csp,
    'permissions-policy':
      'camera=(self), microphone=(self), display-capture=(self), screen-wake-lock=(self), fullscreen=(self), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=()',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    ...(config.publicOrigin.startsWith('https:')
      ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' }
      : {}),
  }
}

/** The HTTP side without business words: limits, headers, errors. Areas add their routes to what this returns. */
export function createHttp(config: Config, log: Log): FastifyInstance {
  const app = fastify({
    loggerInstance: log,
    bodyLimit: MESSAGE_LIMIT,
    trustProxy: config.trustedProxies,
    // Each refusal and each command has its own line; one more per asset and segment would only hide them.
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 60_000,
    forceCloseConnections: true,
  }) as unknown as FastifyInstance
  const headers = securityHeaders(config)
  app.addHook('onRequest', async (_request, reply) => {
    void reply.headers(headers)
  })
  app.setErrorHandler((error: FastifyError, request, reply) => sendRefusal(reply, ofFastify(error, request)))
  return app
}

/** Browsers reach LiveKit's signalling under our own origin, so a page needs no second address and no wider CSP. */
export async function serveLiveKitSignalling(app: FastifyInstance, config: Config): Promise<void> {
  await app.register(httpProxy, {
    upstream: config.livekit.url,
    prefix: '/livekit',
    rewritePrefix: '',
    websocket: true,
    wsUpstream: config.livekit.url.replace(/^http/, 'ws'),
    // A restarting SFU is an ordinary moment: the browser tries again by itself.
    replyOptions: {
      onError: (reply) => void sendRefusal(reply as unknown as FastifyReply, new Refused('busy')),
    },
  })
}

const IMMUTABLE = /\/_app\/immutable\//

/** A worker lives by the policy its own script comes with: it alone may compile WebAssembly, and has nothing to show [CHK-14]. */
const WORKER = /\/_app\/immutable\/workers\//
const WORKER_POLICY = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'`

/** The web build, with its shell for every page address; what is under a server's prefix never falls back to it. */
export async function serveWeb(app: FastifyInstance, config: Config): Promise<void> {
  await app.register(fastifyStatic, {
    root: config.webDir,
    wildcard: true,
    preCompressed: true,
    index: false,
    cacheControl: false,
    setHeaders(response, path) {
      response.header(
        'cache-control',
        IMMUTABLE.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
      if (WORKER.test(path)) response.header('content-security-policy', WORKER_POLICY)
    },
  })
  app.get('/', async (_request, reply) => reply.sendFile('index.html'))
  app.setNotFoundHandler((request, reply) => {
    const page = request.method === 'GET' && request.headers.accept?.includes('text/html')
    return page ? reply.status(200).sendFile('index.html') : sendRefusal(reply, new Refused('not-found'))
  })
}
