import { expect } from '@playwright/test'
import type { AttemptView } from '@vigie/contract/attempt/view'
import type { Socket } from 'socket.io-client'

/** A candidate without a page: says what their page would say. */
export function scripted(socket: Socket) {
  let view: AttemptView | null = null
  socket.on('attempt', (next: AttemptView) => (view = next))
  const ask = async (event: string, said: object): Promise<void> => {
    const ack = (await socket.timeout(8_000).emitWithAck(event, said)) as {
      ok: boolean
      error?: { code: string }
    }
    if (!ack.ok) throw new Error(`${event}: ${ack.error?.code}`)
  }
  return {
    ask,
    /** The page has heard of a hold and covers its questions [ATT-08]. */
    async acknowledgeHold(): Promise<void> {
      await expect.poll(() => view?.sitting?.holdRequested).toBe(true)
      await ask('attempt:acknowledge-hold', {})
    },
  }
}
