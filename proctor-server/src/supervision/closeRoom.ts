import type { JobKind } from '../platform/jobs.ts'
import type { LiveRooms } from '../platform/livekit.ts'

export const CLOSE_ROOM_JOB = 'supervision-close-room'

/** When an attempt is over its room is too: nobody is watched a moment longer. Tried again while the SFU is away. */
export const closeRoomJob = (rooms: LiveRooms): JobKind<{ attempt: string }> => ({
  name: CLOSE_ROOM_JOB,
  step: ({ attempt }) => rooms.close(attempt),
})
