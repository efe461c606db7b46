/** Long enough for what a person waits for, in milliseconds. */
const LATER = 1_000

/** Runs something when the page has nothing else to do; a little later where the browser does not say (Safari). */
export function whenIdle(run: () => void): () => void {
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(run, LATER)
    return () => clearTimeout(timer)
  }
  const asked = requestIdleCallback(run)
  return () => cancelIdleCallback(asked)
}
