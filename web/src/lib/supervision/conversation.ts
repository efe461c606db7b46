import type { ChatLine } from '@vigie/contract/supervision/chat'

/** A line on its way: kept until the server has it; sending it again with its key makes no second one. */
export interface Outgoing {
  readonly key: string
  readonly text: string
  readonly failed: boolean
}

export interface Conversation {
  /** By time. */
  readonly lines: readonly ChatLine[]
  readonly outgoing: readonly Outgoing[]
  /** The history has been read since the last connection. */
  readonly complete: boolean
}

export const NO_CONVERSATION: Conversation = { lines: [], outgoing: [], complete: false }

/** Lines came: new ones find their place, known ones take the later word about being read. */
export function withLines(held: Conversation, come: readonly ChatLine[]): Conversation {
  const byId = new Map(held.lines.map((line) => [line.id, line]))
  for (const line of come) {
    const before = byId.get(line.id)
    byId.set(line.id, {
      ...line,
      deliveredAt: line.deliveredAt ?? before?.deliveredAt ?? null,
      readAt: line.readAt ?? before?.readAt ?? null,
    })
  }
  const lines = [...byId.values()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  return { ...held, lines }
}

export const withOutgoing = (held: Conversation, key: string, text: string): Conversation => ({
  ...held,
  outgoing: [...held.outgoing, { key, text, failed: false }],
})

export const withoutOutgoing = (held: Conversation, key: string): Conversation => ({
  ...held,
  outgoing: held.outgoing.filter((line) => line.key !== key),
})

export const withFailed = (held: Conversation, key: string, failed: boolean): Conversation => ({
  ...held,
  outgoing: held.outgoing.map((line) => (line.key === key ? { ...line, failed } : line)),
})

/** Up to which moment lines of `author` have come here without the server knowing; null when it knows all. */
export function undeliveredUpTo(lines: readonly ChatLine[], author: ChatLine['author']): number | null {
  return lines.findLast((line) => line.author === author && line.deliveredAt === null)?.at ?? null
}

/** Up to which moment the proctor has read, to be told to the server; null when there is nothing unread. */
export function unreadUpTo(held: Conversation): number | null {
  const unread = held.lines.filter((line) => line.author === 'candidate' && line.readAt === null)
  return unread.at(-1)?.at ?? null
}
