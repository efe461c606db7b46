import { Pong, SignalResponse } from '@livekit/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openSignalling } from './signalling.ts'

/** The browser's end of a connection nobody cut: what is sent goes nowhere, and nothing comes unless told to. */
class OpenSocket extends EventTarget {
  static readonly OPEN = 1
  static last: OpenSocket
  readyState = OpenSocket.OPEN
  binaryType = ''
  asked = 0

  constructor() {
    super()
    OpenSocket.last = this
  }
  send(): void {
    this.asked += 1
  }
  close(): void {
    this.readyState = 3
  }
  answer(): void {
    const pong = new SignalResponse({ message: { case: 'pongResp', value: new Pong() } })
    this.dispatchEvent(Object.assign(new Event('message'), { data: pong.toBinary().slice().buffer }))
  }
}

describe('the line to the SFU', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('WebSocket', OpenSocket)
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const open = () => {
    const onclose = vi.fn()
    const line = openSignalling({
      url: 'wss://exam.example/livekit',
      token: 't',
      onmessage: () => {},
      onclose,
    })
    line.keepAlive(5, 15)
    return onclose
  }

  it('[ROOM-04] a line that stands and answers nothing is given up after its patience, however often it is asked', () => {
    const onclose = open()
    vi.advanceTimersByTime(19_999)
    expect(onclose).not.toHaveBeenCalled()
    expect(OpenSocket.last.asked).toBeGreaterThan(1)
    vi.advanceTimersByTime(1)
    expect(onclose).toHaveBeenCalledOnce()
  })

  it('[ROOM-04] one that answers is kept, and given up when it falls silent later', () => {
    const onclose = open()
    for (let round = 0; round < 20; round += 1) {
      vi.advanceTimersByTime(5_000)
      OpenSocket.last.answer()
    }
    expect(onclose).not.toHaveBeenCalled()
    vi.advanceTimersByTime(20_000)
    expect(onclose).toHaveBeenCalledOnce()
  })
})
