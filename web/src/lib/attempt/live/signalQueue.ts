import { SIGNAL_REST, type PageSignal } from '@vigie/exam-engine/supervision/signals'

export interface SignalWire {
  /** Milliseconds of a clock that is never set. */
  readonly now: () => number
  readonly online: () => boolean
  /** Tells the server; `ago` milliseconds after it was noticed. */
  readonly send: (signal: PageSignal, ago: number) => Promise<unknown>
}

/** More than this waits for nobody: the proctor has long seen that the line was cut. */
const MOST_WAITING = 50

/**
 * Signals on their way to the server [SUP-07]: the same one again within 10 s is the same one, and what was noticed
 * without a line is told when it is back, with its own moment.
 */
export function createSignalQueue({ now, online, send }: SignalWire) {
  const noticedAt = new Map<PageSignal, number>()
  const waiting: { readonly signal: PageSignal; readonly at: number }[] = []

  function flush(): void {
    while (online()) {
      const next = waiting.shift()
      if (!next) return
      send(next.signal, Math.max(0, Math.round(now() - next.at))).catch(() => {
        if (!online()) keep(next)
      })
    }
  }
  function keep(one: (typeof waiting)[number]): void {
    if (waiting.length < MOST_WAITING) waiting.push(one)
  }

  return {
    notice(signal: PageSignal): void {
      const at = now()
      if (at - (noticedAt.get(signal) ?? Number.NEGATIVE_INFINITY) < SIGNAL_REST) return
      noticedAt.set(signal, at)
      keep({ signal, at })
      flush()
    },
    flush,
  }
}
