import type { boardEvents, BoardMessages, BoardView } from '@vigie/contract/catalog/board'
import type { SessionId } from '@vigie/exam-engine/attempt/ids'
import { clock } from '#lib/platform/clock.svelte.ts'
import { openLine, type LineState } from '#lib/platform/socket.ts'

/** Pictures come every few seconds: figures older than this are said to be. */
const OLD_MS = 15_000

/** A session's board as its page draws it: the newest picture, and how the line to the server is. */
export class Board {
  view = $state.raw<BoardView | null>(null)
  line = $state.raw<LineState>({ kind: 'connecting' })
  readonly #line
  /** The database, or the server, has not told anything new for a while. */
  readonly isOld: boolean = $derived(
    this.view !== null && clock.now !== null && clock.now - this.view.figuresAt > OLD_MS,
  )

  constructor(session: SessionId) {
    this.#line = openLine<typeof boardEvents, BoardMessages>({
      greeting: () => ({ kind: 'board', session }),
      on: { board: (view) => (this.view = view) },
      onstate: (state) => (this.line = state),
    })
  }

  /** Keeps the page's clock on the server's; returns the way to leave. */
  follow(): () => void {
    const unfollow = clock.follow(async () => this.view?.now ?? Promise.reject(new Error('no board yet')))
    return () => {
      unfollow()
      this.#line.close()
    }
  }

  /** A notice to everybody in the session, or null for none. Throws a `Problem`. */
  async announce(text: string | null): Promise<void> {
    await this.#line.send('board:announce', { text })
  }
}
