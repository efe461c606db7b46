import { pino, type DestinationStream, type Logger } from 'pino'

export type Log = Logger
/** Where lines go; tests read them. */
export type LogDestination = DestinationStream

/**
 * Structured logs on standard output. What could carry a secret or a person's words is never written: headers,
 * credentials, answers and chat stay out by name.
 */
export const createLog = (level: string, destination: LogDestination = pino.destination(1)): Log =>
  pino(
    {
      level,
      base: null,
      redact: {
        paths: [
          '*.password',
          '*.credential',
          '*.token',
          '*.authorization',
          '*.cookie',
          '*.answers',
          '*.text',
        ],
        censor: '[kept out]',
      },
    },
    destination,
  )
