/**
 * The page's side of the service worker (src/service-worker). It keeps the whole application in this browser, so that
 * the exam page opens again without a network [ROOM-04]; a new version waits until no page holds the running one
 * [ROOM-06].
 */

/** The Web Lock that pages hold while an attempt runs; the service worker looks for it before it takes over. */
const HOLD = 'vigie.version.hold'

class Application {
  /** A newer version has taken over behind this page: the next change of page should load it whole. */
  replaced = $state(false)
  #holds = 0
  #registration: ServiceWorkerRegistration | null = null

  /** Registers the service worker. Without one (private window, old browser) everything works, but not offline. */
  async register(): Promise<void> {
    if (!('serviceWorker' in navigator) || import.meta.env.DEV) return
    const container = navigator.serviceWorker
    let controlled = container.controller !== null
    container.addEventListener('controllerchange', () => {
      // The first version ever stored here claims this page too: that is no update.
      this.replaced ||= controlled
      controlled = true
    })
    const options: RegistrationOptions = { type: 'module', updateViaCache: 'none' }
    // Refused by the browser or its policy: the page goes on without.
    const registration = await container.register('/service-worker.js', options).catch(() => null)
    if (!registration) return
    this.#registration = registration
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', () => this.#offer())
    })
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void registration.update().catch(() => undefined)
    })
    this.#offer()
  }

  /** Resolves when a version is wholly stored: from then on the page opens without a network. */
  async storedForOffline(): Promise<void> {
    await navigator.serviceWorker.ready
  }

  /** Whether this page holds its version. */
  get holding(): boolean {
    return this.#holds > 0
  }

  /**
   * Keeps the running version in every page of this browser, whatever is deployed, until the function returned is
   * called or this page is gone. Hold it from entry to the end of an attempt [ROOM-06].
   */
  holdVersion(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#holds += 1
    void navigator.locks
      .request(HOLD, { mode: 'shared' }, () => promise)
      .then(() => {
        this.#holds -= 1
        this.#offer()
      })
    return resolve
  }

  /** Tells a stored newer version that it may start; it looks for holds itself before it does. */
  #offer(): void {
    if (navigator.serviceWorker.controller) this.#registration?.waiting?.postMessage('take-over')
  }
}

export const application = new Application()
