import type { ChatLine } from '@vigie/contract/supervision/chat'
import {
  NO_CONVERSATION,
  undeliveredUpTo,
  withFailed,
  withLines,
  withOutgoing,
  withoutOutgoing,
  type Conversation,
} from '#lib/supervision/conversation.ts'

/** Longest line, in characters: the contract's CHAT_TEXT_LIMIT, whose module brings zod along. */
export const LINE_LIMIT = 1_000

export interface ChatWire {
  send(text: string, key: string): Promise<ChatLine>
  history(): Promise<readonly ChatLine[]>
  /** This page has the proctor's lines up to a moment. */
  delivered(upTo: number): Promise<unknown>
  read(upTo: number): Promise<unknown>
}

/** The candidate's side of the conversation [SUP-05]: a line is drawn at once and kept until the server has it. */
export class Chat {
  #held = $state.raw<Conversation>(NO_CONVERSATION)
  /** What is being typed; survives the drawer being closed. */
  text = $state('')
  readonly #wire: ChatWire

  constructor(wire: ChatWire) {
    this.#wire = wire
  }

  get conversation(): Conversation {
    return this.#held
  }

  /** Lines of the proctor not yet seen. */
  get unread(): number {
    return this.#held.lines.filter((line) => line.author === 'proctor' && line.readAt === null).length
  }

  take(line: ChatLine): void {
    this.#held = withoutOutgoing(withLines(this.#held, [line]), line.id)
    this.#received([line])
  }

  #received(lines: readonly ChatLine[]): void {
    const upTo = undeliveredUpTo(lines, 'proctor')
    if (upTo !== null) this.#wire.delivered(upTo).catch(() => undefined)
  }

  /** The line is new: reads what came meanwhile, then sends again what may not have arrived. Failures wait for the next. */
  async connected(): Promise<void> {
    try {
      const lines = await this.#wire.history()
      this.#held = withLines(this.#held, lines)
      this.#received(lines)
      for (const { key, text } of this.#held.outgoing) await this.#deliver(key, text)
    } catch {
      // The line broke again: its next connection comes back here.
    }
  }

  send(text: string): void {
    const line = text.trim().slice(0, LINE_LIMIT)
    if (line === '') return
    const key = crypto.randomUUID()
    this.#held = withOutgoing(this.#held, key, line)
    this.again(key)
  }

  /** Sends a line once more, with its key: the server keeps one. */
  again(key: string): void {
    const line = this.#held.outgoing.find((one) => one.key === key)
    if (!line) return
    this.#held = withFailed(this.#held, key, false)
    this.#deliver(key, line.text).catch(() => {
      this.#held = withFailed(this.#held, key, true)
    })
  }

  /** The conversation is on screen. */
  async seen(): Promise<void> {
    const last = this.#held.lines.findLast((line) => line.author === 'proctor' && line.readAt === null)
    if (last) await this.#wire.read(last.at).catch(() => undefined)
  }

  async #deliver(key: string, text: string): Promise<void> {
    const line = await this.#wire.send(text, key)
    this.#held = withoutOutgoing(withLines(this.#held, [line]), key)
  }
}
