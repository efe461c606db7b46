import { pino, type Logger } from 'pino'

export type Log = Logger

/**
 * Structured logs on standard output. What could carry a secret or a person's words is never written: headers,
 * credentials, answers and chat stay out by name.
 */
export const createLog = (level: string): Log =>
  pino({
    level,
    base: null,
    redact: {
      paths: ['*.password', '*.credential', '*.token', '*.authorization', '*.cookie', '*.answers', '*.text'],
      censor: '[kept out]',
    },
  })
