import type { ErrorCode } from '@vigie/contract/errors'
import type { Action } from '@vigie/contract/accounts/actions'
import { ZodError } from 'zod'
import { actorLabel, type Actor } from '../accounts/actor.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { Refused } from './refused.ts'

/** What a handler knows of the request it serves. */
export interface RequestContext {
  readonly actor: Actor
  readonly log: Log
  /** The address of the asker, for caps against abuse; never stored with what a person did. */
  readonly address: string
}

/** Names what went wrong: our own refusal, input that does not parse, or a bug (logged whole, told as `unexpected`). */
export function toRefusal(error: unknown, log: Log): Refused {
  if (error instanceof Refused) return error
  if (error instanceof ZodError) {
    return new Refused('bad-input', {
      issues: error.issues
        .slice(0, 10)
        .map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
    })
  }
  log.error({ err: error }, 'unexpected failure')
  return new Refused('unexpected')
}

/** Refusals that `timed` has written already. */
const written = new WeakSet<Refused>()

/** One line for each refusal, wherever it was decided: by a command, or by a route before there is one. */
export function writeRefusal(log: Log, refusal: Refused, about: Record<string, unknown>): void {
  if (written.has(refusal)) return
  written.add(refusal)
  log.warn({ ...about, code: refusal.code, detail: refusal.detail }, 'refused')
}

/** Runs one command with its log line and its metrics, whichever way it came. */
export async function timed<Answer>(
  deps: { readonly metrics: Metrics },
  context: RequestContext,
  action: Action,
  name: string,
  run: () => Promise<Answer>,
): Promise<Answer> {
  const started = performance.now()
  let outcome: ErrorCode | 'ok' = 'ok'
  try {
    return await run()
  } catch (error) {
    const refusal = toRefusal(error, context.log)
    outcome = refusal.code
    writeRefusal(context.log, refusal, { actor: actorLabel(context.actor), action, name })
    throw refusal
  } finally {
    deps.metrics.commands.inc({ action, outcome })
    deps.metrics.commandSeconds.observe({ action }, (performance.now() - started) / 1000)
  }
}
