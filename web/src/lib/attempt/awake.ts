/**
 * Keeps the screen on until the function returned is called [CHK-10]. The browser takes the lock back whenever the page
 * is hidden, so it is asked for again when the page returns. Where it is refused (low battery) nothing else suffers.
 */
export function stayAwake(): () => void {
  let lock: WakeLockSentinel | null = null
  let ended = false

  async function ask() {
    if (document.visibilityState !== 'visible') return
    try {
      const got = await navigator.wakeLock.request('screen')
      if (ended) await got.release()
      else lock = got
    } catch {
      // Refused: the screen may go dark, as it would have.
    }
  }

  const onreturn = () => void ask()
  document.addEventListener('visibilitychange', onreturn)
  void ask()
  return () => {
    ended = true
    document.removeEventListener('visibilitychange', onreturn)
    void lock?.release()
  }
}
