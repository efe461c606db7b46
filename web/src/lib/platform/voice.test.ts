import { describe, expect, it } from 'vitest'
import { Participants } from './room/participants.ts'
import type { Room } from './room/room.ts'
import { openEar } from './voice.ts'

const MICROPHONE = 2

/** Somebody in the room with a microphone, as the SFU tells of them. */
const microphoneOf = (sid: string, identity: string, muted: boolean) => ({
  sid,
  identity,
  state: 2,
  version: 1,
  tracks: [{ sid: `TR_${sid}`, source: MICROPHONE, muted }],
})

describe('[SUP-05] the candidate’s ear', () => {
  it('says who is heard by the person their identity names, of those who speak alone', () => {
    const participants = new Participants()
    const wanted: string[] = []
    const room = { participants, want: ({ sid }: { sid: string }) => wanted.push(sid) } as unknown as Room
    const ear = openEar()
    const told = [
      microphoneOf('a', 'speak:p-sacha:1f', true),
      microphoneOf('b', 'speak:p-lead:2f', false),
      microphoneOf('c', '01900000-0000-7000-8000-000000000001:3f', false),
    ]
    for (const one of told) participants.update(one as never)
    ear.listen(room)
    expect(ear.speakers).toEqual(['p-lead'])
    expect(wanted).toEqual(['TR_a', 'TR_b'])
    ear.listen(null)
    expect(ear.speakers).toEqual([])
  })
})
