import { PROTOCOL, requestTable, responseTable, type Request, type Response } from './messages.ts'
import { decode, encode } from './wire.ts'

/** One connection to the SFU over which a room is spoken about. */
export interface Signalling {
  send(request: Request): void
  /** From now on asks whether the other side is there, as often as it wishes, and ends when it is not. In seconds. */
  keepAlive(interval: number, patience: number): void
  close(): void
}

interface Wish {
  /** Of our own origin: `wss://exam.example/livekit`. */
  readonly url: string
  readonly token: string
  /** The stay to go on with, in the same room, after a cut. */
  readonly resume?: string | undefined
  readonly onmessage: (response: Response) => void
  /** Once, whoever ended it. */
  readonly onclose: () => void
}

export function openSignalling({ url, token, resume, onmessage, onclose }: Wish): Signalling {
  const query = new URLSearchParams({
    access_token: token,
    protocol: String(PROTOCOL),
    auto_subscribe: '0',
    ...(resume === undefined ? {} : { reconnect: '1', sid: resume }),
  })
  const socket = new WebSocket(`${url}/rtc?${query.toString()}`)
  socket.binaryType = 'arraybuffer'
  let asking: ReturnType<typeof setInterval> | undefined
  let unanswered: ReturnType<typeof setTimeout> | undefined
  let closed = false

  function close(): void {
    if (closed) return
    closed = true
    clearInterval(asking)
    clearTimeout(unanswered)
    socket.close()
    onclose()
  }
  function send(request: Request): void {
    if (socket.readyState === WebSocket.OPEN) socket.send(encode(requestTable, request))
  }

  socket.addEventListener('close', close)
  socket.addEventListener('error', close)
  socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
    if (closed) return
    let response: Response
    try {
      response = decode(responseTable, new Uint8Array(data))
    } catch {
      // This is not the SFU's language.
      return close()
    }
    if (response.pong_resp) {
      clearTimeout(unanswered)
      unanswered = undefined
    }
    onmessage(response)
  })

  return {
    send,
    keepAlive(interval, patience) {
      clearInterval(asking)
      clearTimeout(unanswered)
      unanswered = undefined
      if (interval <= 0 || patience <= 0) return
      asking = setInterval(() => {
        send({ ping_req: { timestamp: Date.now() } })
        // Counted from the first question that has no answer: another question is no sign of life.
        unanswered ??= setTimeout(close, patience * 1_000)
      }, interval * 1_000)
    },
    close,
  }
}
