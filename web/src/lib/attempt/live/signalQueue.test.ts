import type { PageSignal } from '@vigie/exam-engine/supervision/signals'
import { describe, expect, it } from 'vitest'
import { createSignalQueue } from './signalQueue.ts'

function scene() {
  const sent: [PageSignal, number][] = []
  const world = { now: 0, online: true, fails: false }
  const queue = createSignalQueue({
    now: () => world.now,
    online: () => world.online,
    send: (signal, ago) => {
      if (world.fails) return Promise.reject(new Error('line broke'))
      sent.push([signal, ago])
      return Promise.resolve()
    },
  })
  return { world, queue, sent }
}

describe('signals on their way', () => {
  it('[SUP-07.3] the same signal within 10 s is told once, another one at once', () => {
    const { world, queue, sent } = scene()
    queue.notice('copy')
    queue.notice('copy')
    queue.notice('paste')
    world.now = 9_999
    queue.notice('copy')
    world.now = 10_000
    queue.notice('copy')
    expect(sent.map(([signal]) => signal)).toEqual(['copy', 'paste', 'copy'])
  })

  it('[SUP-07.3] what was noticed without a line is told later, with its own moment', async () => {
    const { world, queue, sent } = scene()
    world.online = false
    queue.notice('page-hidden')
    world.now = 4_000
    queue.notice('window-left')
    expect(sent).toEqual([])
    world.now = 60_000
    world.online = true
    queue.flush()
    expect(sent).toEqual([
      ['page-hidden', 60_000],
      ['window-left', 56_000],
    ])
  })

  it('[SUP-07.3] a line that breaks while it is told loses nothing', async () => {
    const { world, queue, sent } = scene()
    world.fails = true
    queue.notice('copy')
    world.online = false
    await Promise.resolve()
    await Promise.resolve()
    world.fails = false
    world.online = true
    queue.flush()
    expect(sent).toEqual([['copy', 0]])
  })
})
