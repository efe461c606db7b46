import { SignalRequest, SignalResponse } from '@livekit/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestTable, responseTable, type Request } from './messages.ts'
import { decode, encode, type Table } from './wire.ts'

/** What the published package says of a field; its types tell less than its objects do. */
interface Field {
  readonly no: number
  readonly name: string
  readonly kind: 'scalar' | 'enum' | 'message' | 'map'
  readonly repeated: boolean
  readonly T: number | { readonly fields: Fields }
}
interface Fields {
  list(): readonly Field[]
}
/** The package's numbers of scalar types. */
const SCALARS: Readonly<Record<number, string>> = { 2: 'float', 8: 'boolean', 9: 'string' }

/** What of ours is not as it stands in LiveKit's own description. */
function differences(table: Table, fields: Fields, path: string): string[] {
  return Object.entries(table).flatMap(([name, [number, kind]]) => {
    const at = `${path}.${name}`
    const field = fields.list().find((one) => one.name === name)
    if (!field) return [`${at} is unknown to LiveKit`]
    if (field.no !== number) return [`${at} is number ${field.no}`]
    const [one, repeated] = Array.isArray(kind) ? [kind[0] as string | Table, true] : [kind, false]
    if (repeated !== field.repeated) return [`${at} is ${field.repeated ? '' : 'not '}a list`]
    if (typeof one === 'object') {
      if (field.kind !== 'message' || typeof field.T === 'number') return [`${at} is no message`]
      return differences(one as Table, field.T.fields, at)
    }
    const theirs = field.kind === 'enum' ? 'number' : (SCALARS[field.T as number] ?? 'number')
    return theirs === one ? [] : [`${at} is ${theirs}`]
  })
}

const fieldsOf = (type: unknown) => (type as { fields: Fields }).fields

describe('[ROOM-01] the messages of a room', () => {
  it('have the names, numbers and types that LiveKit publishes', () => {
    expect(differences(requestTable, fieldsOf(SignalRequest), 'request')).toEqual([])
    expect(differences(responseTable, fieldsOf(SignalResponse), 'response')).toEqual([])
    expect(
      differences({ offer: [1, 'boolean'], gone: [2, 'string'] }, fieldsOf(SignalRequest), 'request'),
    ).toHaveLength(2)
  })

  const sid = fc.string({ maxLength: 40 })
  const uint = fc.nat({ max: 2 ** 31 - 1 })
  const request = fc.oneof(
    fc.record({ offer: fc.record({ type: sid, sdp: fc.string({ maxLength: 400 }), id: uint }) }),
    fc.record({ mute: fc.record({ sid, muted: fc.boolean() }) }),
    fc.record({ ping_req: fc.record({ timestamp: fc.nat({ max: 2 ** 50 }), rtt: uint }) }),
    fc.record({
      subscription: fc.record({
        track_sids: fc.array(sid),
        subscribe: fc.boolean(),
        participant_tracks: fc.array(fc.record({ participant_sid: sid, track_sids: fc.array(sid) })),
      }),
    }),
    fc.record({
      add_track: fc.record({
        cid: sid,
        type: uint,
        width: uint,
        layers: fc.array(fc.record({ quality: uint, width: uint, rid: sid })),
        simulcast_codecs: fc.array(fc.record({ codec: sid, cid: sid })),
        disable_red: fc.boolean(),
      }),
    }),
  ) satisfies fc.Arbitrary<Request>

  it('are read by LiveKit as they were written here, and back', () => {
    fc.assert(
      fc.property(request, (said) => {
        const theirs = SignalRequest.fromBinary(encode(requestTable, said)).toBinary()
        expect(decode(requestTable, theirs)).toMatchObject(said)
      }),
    )
  })

  it('are read although LiveKit says more than we know', () => {
    const bytes = SignalResponse.fromJson({
      join: {
        room: { name: 'attempt', metadata: 'x'.repeat(300) },
        participant: { sid: 'PA_1', identity: 'watch:1', joinedAt: '1764345600', attributes: { a: 'b' } },
        otherParticipants: [
          { sid: 'PA_2', tracks: [{ sid: 'TR_1', source: 'SCREEN_SHARE', layers: [{ quality: 'HIGH' }] }] },
        ],
        iceServers: [{ urls: ['turn:a', 'turn:b'], username: 'u', credential: 'c' }],
        subscriberPrimary: true,
        pingInterval: 5,
      },
    }).toBinary()
    const { join, leave } = decode(responseTable, bytes)
    expect(leave).toBeUndefined()
    expect(join).toMatchObject({
      participant: { sid: 'PA_1', identity: 'watch:1', tracks: [] },
      other_participants: [{ sid: 'PA_2', tracks: [{ sid: 'TR_1', source: 3, muted: false }] }],
      ice_servers: [{ urls: ['turn:a', 'turn:b'], username: 'u', credential: 'c' }],
      subscriber_primary: true,
      ping_interval: 5,
    })
    const levels = SignalResponse.fromJson({ speakersChanged: { speakers: [{ sid: 'PA_2', level: 0.25 }] } })
    expect(decode(responseTable, levels.toBinary()).speakers_changed?.speakers).toEqual([
      { sid: 'PA_2', level: 0.25, active: false },
    ])
  })

  it('are refused when they end too early', () => {
    const whole = encode(requestTable, { offer: { type: 'offer', sdp: 'v=0' } })
    for (let length = 1; length < whole.length; length += 1)
      expect(() => decode(requestTable, whole.subarray(0, length))).toThrow(RangeError)
  })
})
