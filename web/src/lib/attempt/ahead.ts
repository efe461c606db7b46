/**
 * Fetches every part of the exam page that is loaded late, while there is time: from the queue on nothing is missing
 * when a deployment or a lost network falls into the exam [ROOM-06]. The service worker stores the same; a private
 * window has none. What fails now is fetched when it is needed.
 */
export async function loadAhead(): Promise<void> {
  await Promise.allSettled([
    import('#lib/evidence/recording.svelte.ts'),
    import('#lib/evidence/rendition.ts'),
    import('#lib/evidence/PhotoCapture.svelte'),
    import('#lib/evidence/photo.ts'),
  ])
}
