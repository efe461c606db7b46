import { describe, expect, it } from 'vitest'
import { withFloor } from './floor.ts'

const lines = (...said: string[]): string => said.map((line) => `${line}\r\n`).join('')
const HEAD = lines('v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0')
const AUDIO = lines('m=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10')

describe('the least that film takes of a line', () => {
  it('[ROOM-02] is asked of each picture, of sound never', () => {
    const plain = lines(
      'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
      'a=rtpmap:96 VP8/90000',
      'a=rtpmap:97 rtx/90000',
      'a=fmtp:97 apt=96',
    )
    const said = lines(
      'm=video 9 UDP/TLS/RTP/SAVPF 98',
      'a=rtpmap:98 H264/90000',
      'a=fmtp:98 packetization-mode=1',
    )
    expect(withFloor(HEAD + AUDIO + plain + said, 160)).toBe(
      HEAD +
        AUDIO +
        lines(
          'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
          'a=rtpmap:96 VP8/90000',
          'a=fmtp:96 x-google-min-bitrate=160',
          'a=rtpmap:97 rtx/90000',
          'a=fmtp:97 apt=96',
        ) +
        lines(
          'm=video 9 UDP/TLS/RTP/SAVPF 98',
          'a=rtpmap:98 H264/90000',
          'a=fmtp:98 packetization-mode=1;x-google-min-bitrate=160',
        ),
    )
  })

  it('[ROOM-02] leaves an answer without pictures as it is, and any where nothing is asked', () => {
    expect(withFloor(HEAD + AUDIO, 160)).toBe(HEAD + AUDIO)
    const picture = HEAD + lines('m=video 9 UDP/TLS/RTP/SAVPF 96', 'a=rtpmap:96 VP8/90000')
    expect(withFloor(picture, 0)).toBe(picture)
  })
})
