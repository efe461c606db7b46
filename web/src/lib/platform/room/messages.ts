import type { Draft, Message, Table } from './wire.ts'

/**
 * The part of LiveKit's signalling (livekit_rtc.proto, protocol 15) that a room of ours speaks. Names and numbers are
 * theirs; messages.test.ts holds them against the published package.
 */
export const PROTOCOL = 15

const sessionDescription = {
  type: [1, 'string'],
  sdp: [2, 'string'],
  id: [3, 'number'],
} as const satisfies Table

export const PUBLISHER = 0
export const SUBSCRIBER = 1
const trickle = { candidateInit: [1, 'string'], target: [2, 'number'] } as const satisfies Table

export const QUALITY = { low: 0, medium: 1, high: 2 } as const
const videoLayer = {
  quality: [1, 'number'],
  width: [2, 'number'],
  height: [3, 'number'],
  bitrate: [4, 'number'],
  rid: [7, 'string'],
} as const satisfies Table

export const AUDIO = 0
export const VIDEO = 1
const trackInfo = {
  sid: [1, 'string'],
  type: [2, 'number'],
  muted: [4, 'boolean'],
  source: [9, 'number'],
} as const satisfies Table

export const DISCONNECTED = 3
const participantInfo = {
  sid: [1, 'string'],
  identity: [2, 'string'],
  state: [3, 'number'],
  tracks: [4, [trackInfo]],
  version: [10, 'number'],
} as const satisfies Table

const iceServer = {
  urls: [1, ['string']],
  username: [2, 'string'],
  credential: [3, 'string'],
} as const satisfies Table

export const ENABLED = 2
const clientConfiguration = { force_relay: [5, 'number'] } as const satisfies Table

const joined = {
  participant: [2, participantInfo],
  other_participants: [3, [participantInfo]],
  ice_servers: [5, [iceServer]],
  subscriber_primary: [6, 'boolean'],
  client_configuration: [8, clientConfiguration],
  ping_timeout: [10, 'number'],
  ping_interval: [11, 'number'],
} as const satisfies Table

const resumed = {
  ice_servers: [1, [iceServer]],
  client_configuration: [2, clientConfiguration],
} as const satisfies Table

export const RESUME = 1
const leave = { reason: [2, 'number'], action: [3, 'number'] } as const satisfies Table

const addTrack = {
  cid: [1, 'string'],
  type: [3, 'number'],
  width: [4, 'number'],
  height: [5, 'number'],
  muted: [6, 'boolean'],
  disable_dtx: [7, 'boolean'],
  source: [8, 'number'],
  layers: [9, [videoLayer]],
  simulcast_codecs: [10, [{ codec: [1, 'string'], cid: [2, 'string'] }]],
  disable_red: [13, 'boolean'],
} as const satisfies Table

const published = { cid: [1, 'string'], track: [2, trackInfo] } as const satisfies Table

const subscribedQuality = { quality: [1, 'number'], enabled: [2, 'boolean'] } as const satisfies Table
const subscribedQualities = {
  track_sid: [1, 'string'],
  subscribed_qualities: [2, [subscribedQuality]],
  subscribed_codecs: [3, [{ codec: [1, 'string'], qualities: [2, [subscribedQuality]] }]],
} as const satisfies Table

const updateSubscription = {
  track_sids: [1, ['string']],
  subscribe: [2, 'boolean'],
  participant_tracks: [3, [{ participant_sid: [1, 'string'], track_sids: [2, ['string']] }]],
} as const satisfies Table

const speakerInfo = {
  sid: [1, 'string'],
  level: [2, 'float'],
  active: [3, 'boolean'],
} as const satisfies Table

const syncState = {
  publish_tracks: [3, [published]],
} as const satisfies Table

const TCP = 1
/** From now on the SFU offers this participant no way but TCP. */
export const FORCE_TCP = { switch_candidate_protocol: TCP }

export const requestTable = {
  offer: [1, sessionDescription],
  answer: [2, sessionDescription],
  trickle: [3, trickle],
  add_track: [4, addTrack],
  mute: [5, { sid: [1, 'string'], muted: [2, 'boolean'] }],
  subscription: [6, updateSubscription],
  track_setting: [7, { track_sids: [1, ['string']], disabled: [3, 'boolean'], quality: [4, 'number'] }],
  leave: [8, leave],
  sync_state: [12, syncState],
  simulate: [13, { switch_candidate_protocol: [5, 'number'] }],
  ping_req: [16, { timestamp: [1, 'number'], rtt: [2, 'number'] }],
} as const satisfies Table

export const responseTable = {
  join: [1, joined],
  answer: [2, sessionDescription],
  offer: [3, sessionDescription],
  trickle: [4, trickle],
  update: [5, { participants: [1, [participantInfo]] }],
  track_published: [6, published],
  leave: [8, leave],
  speakers_changed: [10, { speakers: [1, [speakerInfo]] }],
  subscribed_quality_update: [14, subscribedQualities],
  refresh_token: [16, 'string'],
  reconnect: [19, resumed],
  pong_resp: [20, { last_ping_timestamp: [1, 'number'] }],
  request_response: [22, { reason: [2, 'number'], add_track: [5, addTrack] }],
} as const satisfies Table

export type Request = Draft<typeof requestTable>
export type Response = Message<typeof responseTable>
export type Joined = Message<typeof joined>
export type Resumed = Message<typeof resumed>
export type ParticipantInfo = Message<typeof participantInfo>
export type TrackInfo = Message<typeof trackInfo>
export type SubscribedQualities = Message<typeof subscribedQualities>
export type SpeakerInfo = Message<typeof speakerInfo>
export type VideoLayer = Draft<typeof videoLayer>
export type SessionDescription = Message<typeof sessionDescription>
