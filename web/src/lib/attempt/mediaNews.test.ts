import type { MediaTrack } from '@vigie/exam-engine/attempt/state'
import { describe, expect, it } from 'vitest'
import { MediaNews } from './mediaNews.ts'

interface Sent {
  readonly track: MediaTrack
  readonly lost: boolean
  readonly answer: PromiseWithResolvers<unknown>
}

function line() {
  const sent: Sent[] = []
  const news = new MediaNews((track, lost) => {
    const answer = Promise.withResolvers<unknown>()
    sent.push({ track, lost, answer })
    return answer.promise
  })
  return { sent, news, words: () => sent.map(({ track, lost }) => `${track} ${lost ? 'lost' : 'back'}`) }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('[ROOM-03] what the server is told of lost tracks', () => {
  it('[ROOM-03] a track that comes back while its loss is being told is told after it, never beside it', async () => {
    const { sent, news, words } = line()
    news.tell('microphone', true, false)
    news.tell('microphone', false, false)
    news.tell('camera', true, false)
    expect(words()).toEqual(['microphone lost', 'camera lost'])
    sent[0]!.answer.resolve({})
    await settled()
    expect(words()).toEqual(['microphone lost', 'camera lost', 'microphone back'])
  })

  it('[ROOM-03] is told once per change, and not what its snapshot says already', async () => {
    const { sent, news, words } = line()
    news.tell('screen', true, true)
    expect(words()).toEqual([])
    news.tell('screen', false, true)
    sent[0]!.answer.resolve({})
    await settled()
    // The snapshot may be older than the answer.
    news.tell('screen', false, true)
    expect(words()).toEqual(['screen back'])
  })

  it('[ROOM-03] what was not heard is told again, and a new line hears everything anew', async () => {
    const { sent, news, words } = line()
    news.tell('camera', true, false)
    sent[0]!.answer.reject(new Error('no answer'))
    await settled()
    news.tell('camera', true, false)
    expect(words()).toEqual(['camera lost', 'camera lost'])
    news.renew()
    news.tell('camera', true, false)
    expect(words()).toHaveLength(3)
    // The old line's answer says nothing about the new one.
    sent[1]!.answer.reject(new Error('no answer'))
    await settled()
    news.tell('camera', true, false)
    expect(words()).toHaveLength(3)
  })
})
