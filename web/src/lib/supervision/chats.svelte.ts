import type { ChatLine } from '@vigie/contract/supervision/chat'
import { forgetStored, readStored, writeStored } from '#lib/platform/storage.ts'
import {
  NO_CONVERSATION,
  undeliveredUpTo,
  unreadUpTo,
  withFailed,
  withLines,
  withOutgoing,
  withoutOutgoing,
  type Conversation,
} from './conversation.ts'

/** What the conversations need of the line to the server. */
export interface ChatWire {
  send(attempt: string, text: string, key: string): Promise<ChatLine>
  history(attempt: string): Promise<readonly ChatLine[]>
  /** This console has the candidate's lines up to a moment. */
  delivered(attempt: string, upTo: number): Promise<unknown>
  read(attempt: string, upTo: number): Promise<unknown>
}

const draftOf = (attempt: string) => `vigie.supervision.draft.${attempt}`

/**
 * The conversations of a console, by attempt. A line is drawn at once and kept until the server has it; what was being
 * typed survives a lost connection and a reload of this tab [SUP-05].
 */
export class Chats {
  #held = $state.raw<ReadonlyMap<string, Conversation>>(new Map())
  #drafts = $state<Record<string, string>>({})
  #wire: ChatWire

  constructor(wire: ChatWire) {
    this.#wire = wire
  }

  of(attempt: string): Conversation {
    return this.#held.get(attempt) ?? NO_CONVERSATION
  }

  draft(attempt: string): string {
    return this.#drafts[attempt] ?? readStored(draftOf(attempt), 'tab') ?? ''
  }

  setDraft(attempt: string, text: string): void {
    this.#drafts[attempt] = text
    if (text === '') forgetStored(draftOf(attempt), 'tab')
    else writeStored(draftOf(attempt), text, 'tab')
  }

  /** One line came, of whoever's candidate. */
  take(line: ChatLine): void {
    this.#change(line.attempt, (held) => withoutOutgoing(withLines(held, [line]), line.id))
    this.#received(line.attempt, [line])
  }

  /** Reads the history where it is not known, then sends what could not be sent. Failures wait for the next call. */
  async complete(attempt: string): Promise<void> {
    if (!this.of(attempt).complete) {
      const lines = await this.#wire.history(attempt)
      this.#change(attempt, (held) => ({ ...withLines(held, lines), complete: true }))
      this.#received(attempt, lines)
    }
    for (const line of this.of(attempt).outgoing) if (line.failed) await this.again(attempt, line.key)
  }

  /**
   * The line to the server is new: what came meanwhile is not known, what was on its way may not have arrived and goes
   * again, whoever is open by now. Gives those sendings.
   */
  reconnected(): Promise<void>[] {
    this.#held = new Map(
      [...this.#held].map(([attempt, held]) => [
        attempt,
        { ...held, complete: false, outgoing: held.outgoing.map((line) => ({ ...line, failed: true })) },
      ]),
    )
    return [...this.#held].flatMap(([attempt, { outgoing }]) =>
      outgoing.length > 0 ? [this.complete(attempt)] : [],
    )
  }

  /** A colleague's now: what is said meanwhile does not come here, and is read when the candidate comes back. */
  left(attempt: string): void {
    if (this.of(attempt).complete) this.#change(attempt, (held) => ({ ...held, complete: false }))
  }

  /** Sends one line; rejects when it did not go through, and keeps it as failed. */
  async send(attempt: string, text: string): Promise<void> {
    const key = crypto.randomUUID()
    this.#change(attempt, (held) => withOutgoing(held, key, text))
    await this.#deliver(attempt, key, text)
  }

  /** Sends a failed line again, with its key: the server keeps one. */
  async again(attempt: string, key: string): Promise<void> {
    const line = this.of(attempt).outgoing.find((one) => one.key === key)
    if (!line) return
    this.#change(attempt, (held) => withFailed(held, key, false))
    await this.#deliver(attempt, key, line.text)
  }

  /** The conversation is on screen before the proctor: tells the server what has been read. */
  async seen(attempt: string): Promise<void> {
    const upTo = unreadUpTo(this.of(attempt))
    if (upTo !== null) await this.#wire.read(attempt, upTo)
  }

  /** Tells the candidate that their words have arrived; a failure is told again with the next line. */
  #received(attempt: string, lines: readonly ChatLine[]): void {
    const upTo = undeliveredUpTo(lines, 'candidate')
    if (upTo !== null) this.#wire.delivered(attempt, upTo).catch(() => {})
  }

  async #deliver(attempt: string, key: string, text: string): Promise<void> {
    try {
      this.take(await this.#wire.send(attempt, text, key))
      this.#change(attempt, (held) => withoutOutgoing(held, key))
    } catch (error) {
      this.#change(attempt, (held) => withFailed(held, key, true))
      throw error
    }
  }

  #change(attempt: string, change: (held: Conversation) => Conversation): void {
    this.#held = new Map(this.#held).set(attempt, change(this.of(attempt)))
  }
}
