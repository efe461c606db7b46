import type { deskEvents, DeskMessages, DeskState } from '@vigie/contract/supervision/desk'
import type { AttemptId } from '@vigie/exam-engine/attempt/ids'
import { openLine, type LineState, type LiveLine } from '#lib/platform/socket.ts'
import { Chat } from './chat.svelte.ts'

type Line = LiveLine<typeof deskEvents>

/** How often the page asks whether somebody is at the desk, in milliseconds. */
const LOOK_EVERY = 20_000

/** The candidate's line to the desk before they have entered [CHK-11]: the conversation of the attempt itself. */
export class Desk {
  /** Null until the server has answered once. */
  state = $state.raw<DeskState | null>(null)
  readonly chat: Chat
  readonly #line: Line
  readonly #timer: ReturnType<typeof setInterval>

  constructor(attempt: AttemptId) {
    const line: Line = openLine<typeof deskEvents, DeskMessages>({
      greeting: () => ({ kind: 'desk', attempt }),
      on: { chat: (one) => this.chat.take(one) },
      onconnected: () => {
        void this.#look()
        void this.chat.connected()
      },
    })
    this.#line = line
    this.chat = new Chat({
      send: (text, key) => line.send('chat:send', { text, key }),
      history: async () => (await line.send('chat:history', {})).lines,
      delivered: (upTo) => line.send('chat:delivered', { upTo }),
      read: (upTo) => line.send('chat:read', { upTo }),
    })
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY)
  }

  get line(): LineState {
    return this.#line.state
  }

  close(): void {
    clearInterval(this.#timer)
    this.#line.close()
  }

  async #look(): Promise<void> {
    // What cannot be asked now is asked again; the line says by itself that it is away.
    this.state = await this.#line.send('desk:state', {}).catch(() => this.state)
  }
}
