import { z } from 'zod'
import { roomTicketSchema } from '../attempt/api.ts'
import { attemptIdSchema } from '../ids.ts'
import { route } from '../route.ts'

export const supervisionApi = {
  /** A hidden watcher's ticket into the candidate's room [ROOM-01]. */
  ticket: route('supervision.media')
    .route({ method: 'POST', path: '/supervision/{attempt}/ticket', tags: ['supervision'] })
    .input(z.object({ attempt: attemptIdSchema }))
    .output(roomTicketSchema),
  /** A second, visible identity in the same room: the proctor's voice, nothing else [SUP-05]. */
  voice: route('supervision.media')
    .route({ method: 'POST', path: '/supervision/{attempt}/voice', tags: ['supervision'] })
    .input(z.object({ attempt: attemptIdSchema }))
    .output(roomTicketSchema),
}
