import { z } from 'zod'
import { attemptIdSchema, browserProfileSchema } from '../ids.ts'
import { route } from '../route.ts'
import { savedSchema, saveLinkSchema, saveSchema } from './answers.ts'
import { candidatePaperSchema } from './paper.ts'
import { resultsSchema } from './results.ts'
import { attemptLineSchema, attemptViewSchema } from './view.ts'

const tags = ['attempt']
const one = z.object({ attempt: attemptIdSchema })

/** A ticket into the attempt's LiveKit room; the browser joins at `<origin>/livekit`. Good for two minutes. */
export const roomTicketSchema = z.object({ room: z.string(), identity: z.string(), token: z.string() })
export type RoomTicket = z.infer<typeof roomTicketSchema>

const session = z.object({ session: z.uuid() })

export const attemptApi = {
  /** The signed-in candidate's attempts, next appointment first. */
  list: route('attempt.list-own')
    .route({ method: 'GET', path: '/attempts', tags })
    .output(z.object({ attempts: z.array(attemptLineSchema) })),
  /**
   * Enters, or takes the attempt over from another page [ROOM-05]. Gives the attempt's own credential [IDN-09]: send
   * it as `Authorization: Attempt <credential>`.
   */
  enter: route('attempt.enter')
    .route({ method: 'POST', path: '/attempts/{attempt}/enter', tags })
    .input(one.extend({ profile: browserProfileSchema }))
    .output(z.object({ credential: z.string(), lease: z.number().int(), view: attemptViewSchema })),
  view: route('attempt.follow')
    .route({ method: 'GET', path: '/attempts/{attempt}', tags })
    .input(one)
    .output(attemptViewSchema),
  /** Questions reach the browser when the attempt runs; the key never does [ATT-07]. */
  paper: route('attempt.follow')
    .route({ method: 'GET', path: '/attempts/{attempt}/paper', tags })
    .input(one)
    .output(candidatePaperSchema),
  /** The last stored answers, for a page that starts again; `linked`: the end of the chain that pages make of them [EVD-04]. */
  draft: route('attempt.follow')
    .route({ method: 'GET', path: '/attempts/{attempt}/draft', tags })
    .input(one)
    .output(
      z.object({
        number: z.number().int(),
        answers: saveSchema.shape.answers,
        linked: saveLinkSchema.optional(),
      }),
    ),
  /** The same save as `attempt:save`, for when the socket is away. */
  save: route('attempt.act')
    .route({ method: 'PUT', path: '/attempts/{attempt}/draft', tags })
    .input(saveSchema.extend(one.shape))
    .output(savedSchema),
  ticket: route('attempt.media')
    .route({ method: 'POST', path: '/attempts/{attempt}/ticket', tags })
    // Without a lease: a page from before tickets named it [ROOM-06].
    .input(one.extend({ lease: z.number().int().min(1).optional() }))
    .output(roomTicketSchema),
  /** How far the result of each attempt of a session is, and what its score was before questions were neutralised. */
  results: route('attempt.publish')
    .route({ method: 'GET', path: '/sessions/{session}/results', tags })
    .input(session)
    .output(resultsSchema),
  /** Publishes what is ready, of the whole session or of the attempts named; repeating it is harmless [ATT-09]. */
  publishResults: route('attempt.publish')
    .route({ method: 'POST', path: '/sessions/{session}/results', tags })
    .input(session.extend({ attempts: z.array(attemptIdSchema).min(1).max(20_000).optional() }))
    .output(resultsSchema),
}
