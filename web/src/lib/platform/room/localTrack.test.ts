import { expect, it } from 'vitest'
import { LocalTrack } from './localTrack.ts'

/** A sender of two layers, as a browser keeps them. */
function twoLayers() {
  const sender = {
    encodings: [{ active: true }, { active: true }],
    getParameters: () => ({ encodings: sender.encodings }),
    async setParameters({ encodings }: { encodings: { active: boolean }[] }) {
      sender.encodings = encodings
    },
    active: () => sender.encodings.map(({ active }) => active),
  }
  return sender
}

it('[ROOM-02] what rests, or nobody watches, is told so again after an answer that woke every layer', async () => {
  const sender = twoLayers()
  const track = new LocalTrack(
    'TR_1',
    { source: 'camera', layers: [] },
    {} as MediaStreamTrack,
    sender as unknown as RTCRtpSender,
  )
  const woken = () => (sender.encodings = [{ active: true }, { active: true }])
  track.watch([true, false])
  await expect.poll(sender.active).toEqual([true, false])
  woken()
  track.settle()
  await expect.poll(sender.active).toEqual([true, false])
  track.rest(true)
  await expect.poll(sender.active).toEqual([false, false])
  woken()
  track.settle()
  await expect.poll(sender.active).toEqual([false, false])
})
