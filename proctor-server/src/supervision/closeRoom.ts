import type { JobKind } from '../platform/jobs.ts'
import type { LiveRooms } from '../platform/livekit.ts'
import { forgetStills } from './live/stills.ts'

export const CLOSE_ROOM_JOB = 'supervision-close-room'

/**
 * When an attempt is over its room is too, and its stills go: nobody is watched a moment longer. Tried again while the
 * SFU is away.
 */
export const closeRoomJob = (
  rooms: LiveRooms,
  kept: Parameters<typeof forgetStills>[0],
): JobKind<{ attempt: string }> => ({
  name: CLOSE_ROOM_JOB,
  async step({ attempt }) {
    await forgetStills(kept, attempt)
    await rooms.close(attempt)
  },
})
