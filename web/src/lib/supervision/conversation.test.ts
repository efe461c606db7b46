import type { ChatLine } from '@vigie/contract/supervision/chat'
import { describe, expect, it } from 'vitest'
import {
  NO_CONVERSATION,
  undeliveredUpTo,
  unreadUpTo,
  withFailed,
  withLines,
  withOutgoing,
  withoutOutgoing,
} from './conversation.ts'
import { idOf } from './testCase.ts'

const line = (n: number, changes: Partial<ChatLine> = {}): ChatLine => ({
  id: `00000000-0000-7000-9000-${String(n).padStart(12, '0')}`,
  attempt: idOf(1),
  at: n * 1_000,
  author: 'candidate',
  name: 'Someone',
  text: `line ${n}`,
  deliveredAt: null,
  readAt: null,
  ...changes,
})

describe('[SUP-05] a conversation', () => {
  it('stands in the order of the server, each line once', () => {
    const held = withLines(withLines(NO_CONVERSATION, [line(3), line(1)]), [line(2), line(3)])
    expect(held.lines.map(({ text }) => text)).toEqual(['line 1', 'line 2', 'line 3'])
  })

  it('takes the mark of being read and does not lose it to an older word', () => {
    const read = withLines(withLines(NO_CONVERSATION, [line(1)]), [line(1, { readAt: 5_000 })])
    expect(read.lines[0]?.readAt).toBe(5_000)
    expect(withLines(read, [line(1)]).lines[0]?.readAt).toBe(5_000)
  })

  it('knows up to where the candidate’s words are unread', () => {
    expect(unreadUpTo(NO_CONVERSATION)).toBeNull()
    const held = withLines(NO_CONVERSATION, [line(1, { readAt: 2 }), line(2), line(3, { author: 'proctor' })])
    expect(unreadUpTo(held)).toBe(2_000)
  })

  it('knows what has come here and is not yet known to have', () => {
    const own = line(2, { author: 'proctor' })
    expect(undeliveredUpTo([line(1), line(3), own], 'candidate')).toBe(3_000)
    expect(undeliveredUpTo([line(1, { deliveredAt: 5 }), own], 'candidate')).toBeNull()
    const held = withLines(withLines(NO_CONVERSATION, [line(1, { deliveredAt: 5 })]), [line(1)])
    expect(held.lines[0]?.deliveredAt).toBe(5)
  })

  it('keeps what is on its way until the server has it', () => {
    const sent = withOutgoing(NO_CONVERSATION, 'key', 'Bonjour')
    expect(withFailed(sent, 'key', true).outgoing).toEqual([{ key: 'key', text: 'Bonjour', failed: true }])
    expect(withoutOutgoing(sent, 'key').outgoing).toEqual([])
  })
})
