/**
 * Waits for the service worker that stores the site in this browser on a first visit. Without one, or when it cannot be
 * told, there is nothing to wait for.
 */
export async function siteLoaded(signal: AbortSignal): Promise<void> {
  const container: ServiceWorkerContainer | undefined = navigator.serviceWorker
  const registration = await container?.getRegistration().catch(() => undefined)
  const storing = registration?.installing
  if (!storing || signal.aborted) return
  await new Promise<void>((resolve) => {
    storing.addEventListener('statechange', () => resolve(), { once: true })
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
