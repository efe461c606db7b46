/**
 * One thing measured, once. `result` always comes: a device that fails is a measurement too. To measure again, make
 * another probe.
 */
export type Probe<Live, Measurement> = {
  /** Begins. Sharing a screen needs a click: call it from the click's own handler. A second call does nothing. */
  readonly start: () => void
  /** Hears each live value from now on; the answer stops hearing. */
  readonly onValue: (listener: (live: Live) => void) => () => void
  readonly result: Promise<Measurement>
  /** Ends at once and releases every device the probe opened. Safe at any time, and twice. */
  readonly stop: () => void
}

/** A probe whose stream goes on after the measurement: shown in the sheet, then taken into the exam. */
export type StreamProbe<Live, Measurement, Stream> = Probe<Live, Measurement> & {
  /** Hands the stream over: from now on the caller closes it. Null when there is none (any more). */
  readonly keep: () => Stream | null
}

export type ProbeScope<Live> = {
  /** Aborted when the probe is stopped. */
  readonly signal: AbortSignal
  readonly tell: (live: Live) => void
  /** Remembers how to give something back; called once when the run ends, or now if it was stopped already. */
  readonly own: (release: () => void) => void
}

/**
 * Makes a probe of a run. What the run owns is released when it ends, however it ends. `when` words the two ends that
 * a run cannot word itself: it was stopped, or it threw.
 */
export function createProbe<Live, Measurement>(
  run: (scope: ProbeScope<Live>) => Promise<Measurement>,
  when: (ended: 'interrupted' | 'failed') => Measurement,
): Probe<Live, Measurement> {
  const listeners = new Set<(live: Live) => void>()
  const releases: (() => void)[] = []
  const abort = new AbortController()
  const { promise: result, resolve } = Promise.withResolvers<Measurement>()
  let started = false
  let ended = false

  const end = (measurement: Measurement) => {
    if (ended) return
    ended = true
    for (const release of releases.splice(0).reverse()) release()
    resolve(measurement)
  }
  const scope: ProbeScope<Live> = {
    signal: abort.signal,
    tell: (live) => {
      if (!ended) for (const listener of listeners) listener(live)
    },
    own: (release) => {
      if (ended) release()
      else releases.push(release)
    },
  }
  return {
    result,
    start: () => {
      if (started || ended) return
      started = true
      run(scope).then(end, () => end(when('failed')))
    },
    onValue: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop: () => {
      abort.abort()
      end(when('interrupted'))
    },
  }
}

export type Feed<Stream> = { readonly stream: Stream; readonly close: () => void }

/**
 * A probe around a feed: the feed outlives a measurement that succeeded, and is closed by `stop` or handed over by
 * `keep`. `opened` says which feed there is; a run that ends without success lets it be closed.
 */
export function createStreamProbe<Live, Measurement, Stream>(
  run: (scope: ProbeScope<Live>, opened: (feed: Feed<Stream>) => void) => Promise<Measurement>,
  when: (ended: 'interrupted' | 'failed') => Measurement,
  succeeded: (measurement: Measurement) => boolean,
): StreamProbe<Live, Measurement, Stream> {
  let feed: Feed<Stream> | null = null
  let stopped = false
  const close = () => {
    feed?.close()
    feed = null
  }
  const probe = createProbe<Live, Measurement>(
    (scope) =>
      run(scope, (opened) => {
        feed = opened
        if (stopped) close()
      }),
    when,
  )
  const result = probe.result.then((measurement) => {
    if (!succeeded(measurement)) close()
    return measurement
  })
  return {
    ...probe,
    result,
    stop: () => {
      stopped = true
      probe.stop()
      close()
    },
    keep: () => {
      const kept = feed?.stream ?? null
      feed = null
      return kept
    },
  }
}
