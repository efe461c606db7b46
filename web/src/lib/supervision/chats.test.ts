import type { ChatLine } from '@vigie/contract/supervision/chat'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import { describe, expect, it } from 'vitest'
import { Problem } from '#lib/platform/problem.ts'
import { Chats } from './chats.svelte.ts'

const ATTEMPT = attemptId.parse('01900000-0000-7000-8000-000000000001')

/** A server that keeps each key once, behind a line that can be cut; `lost`: it has it, and its answer does not come. */
function keeping() {
  const kept = new Map<string, ChatLine>()
  let line: 'up' | 'cut' | 'lost' = 'up'
  const chats = new Chats({
    async send(attempt, text, key) {
      if (line === 'cut') throw new Problem('offline')
      const at = kept.size + 1
      const said: ChatLine = {
        id: key,
        attempt: attemptId.parse(attempt),
        author: 'proctor',
        name: 'Sacha',
        text,
        at,
        deliveredAt: null,
        readAt: null,
      }
      kept.set(key, kept.get(key) ?? said)
      if (line === 'lost') throw new Problem('no-answer')
      return kept.get(key)!
    },
    history: async () => [...kept.values()],
    delivered: async () => null,
    read: async () => null,
  })
  const texts = () => [...kept.values()].map(({ text }) => text)
  return { chats, texts, becomes: (next: typeof line) => (line = next) }
}

describe('[SUP-05] what a proctor wrote while the line was cut', () => {
  it('goes when it is back, once, whoever is open by then', async () => {
    for (const cut of ['cut', 'lost'] as const) {
      const { chats, texts, becomes } = keeping()
      becomes(cut)
      await expect(chats.send(ATTEMPT, 'Restez assis.')).rejects.toThrow()
      expect(chats.of(ATTEMPT).outgoing).toMatchObject([{ text: 'Restez assis.', failed: true }])
      becomes('up')
      await Promise.all(chats.reconnected())
      expect(texts()).toEqual(['Restez assis.'])
      expect(chats.of(ATTEMPT).outgoing).toEqual([])
      expect(chats.of(ATTEMPT).lines.map(({ text }) => text)).toEqual(['Restez assis.'])
    }
  })

  it('of a conversation where nothing waits nothing is asked', () => {
    const { chats } = keeping()
    chats.of(ATTEMPT)
    expect(chats.reconnected()).toEqual([])
  })
})
