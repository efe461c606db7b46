/** A clock that jumps from one planned moment to the next: nothing waits, and everything happens in order. */
export type ScriptedTime = {
  readonly now: () => number
  /** Plans something; the answer takes it back. */
  readonly at: (ms: number, happen: () => void) => () => void
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
}

export function createScriptedTime(): ScriptedTime {
  type Plan = { readonly at: number; readonly happen: () => void }
  const plans = new Set<Plan>()
  let now = 0
  let pumping = false

  // Between two moments one macrotask passes, so that whatever a moment set off has run before the next one.
  const pump = () => {
    const [next] = [...plans].sort((left, right) => left.at - right.at)
    if (next === undefined) {
      pumping = false
      return
    }
    plans.delete(next)
    now = Math.max(now, next.at)
    next.happen()
    setTimeout(pump, 0)
  }
  const at = (ms: number, happen: () => void) => {
    const plan = { at: now + ms, happen }
    plans.add(plan)
    if (!pumping) {
      pumping = true
      setTimeout(pump, 0)
    }
    return () => void plans.delete(plan)
  }
  return {
    now: () => now,
    at,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve()
        const cancel = at(ms, resolve)
        signal.addEventListener('abort', () => {
          cancel()
          resolve()
        })
      }),
  }
}
