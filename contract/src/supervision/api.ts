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
}
