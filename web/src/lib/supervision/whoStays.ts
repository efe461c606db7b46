/**
 * Milliseconds a candidate is open until what is asked of the rooms follows: whoever goes from one to the next by keys
 * sees each at once, as on the wall, and the rooms are spoken to about the one they stay with.
 */
export const STAY = 150

/** Settles with whoever is open when the proctor has stayed; gives the way to go on to the next before. */
export function whoStays(settle: () => void): () => void {
  const staying = setTimeout(settle, STAY)
  return () => clearTimeout(staying)
}
