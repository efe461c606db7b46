import { implement } from '@orpc/server'
import { attemptApi } from '@vigie/contract/attempt/api'
import type { Papers } from '../catalog/store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'
import type { RequestContext } from '../platform/command.ts'
import type { Guard } from '../platform/rpc.ts'
import type { RoomWatch } from '../supervision/live/roomWatch.ts'
import { unreadByCandidate } from '../supervision/store.ts'
import type { Enter } from './enter.ts'
import { candidateFacts, readFacts } from './facts.ts'
import { readDraft, readPaper } from './paper.ts'
import type { PublishResults } from './publishResults.ts'
import { sessionResults } from './results.ts'
import type { SaveDraft } from './saving.ts'
import { attemptLine, attemptView } from './view.ts'

interface AttemptApiDeps {
  readonly db: Database
  readonly clock: Clock
  readonly papers: Papers
  readonly enter: Enter
  readonly save: SaveDraft
  readonly watch: Pick<RoomWatch, 'ticketFor'>
  readonly publishResults: PublishResults
}

export const attemptHandlers = (guard: Guard, deps: AttemptApiDeps) => {
  const os = implement(attemptApi).$context<RequestContext>().use(guard)
  return os.router({
    list: os.list.handler(async ({ context: { actor } }) => {
      if (actor.kind !== 'person') throw new Refused('not-signed-in')
      const now = deps.clock.now()
      const own = await candidateFacts(deps.db, actor.id)
      const unread = await unreadByCandidate(
        deps.db,
        own.map(({ id }) => id),
      )
      const lines = own.map((facts) => attemptLine(facts, now, unread.get(facts.id) ?? 0))
      return { attempts: lines.sort((a, b) => a.window.appointmentAt - b.window.appointmentAt) }
    }),
    enter: os.enter.handler(({ input }) => deps.enter(input.attempt, input.profile)),
    view: os.view.handler(async ({ input }) => {
      const facts = await readFacts(deps.db, input.attempt)
      if (!facts) throw new Refused('attempt-unknown')
      return attemptView(facts, deps.clock.now())
    }),
    paper: os.paper.handler(({ input }) => readPaper(deps.db, deps.papers, input.attempt)),
    draft: os.draft.handler(({ input }) => readDraft(deps.db, input.attempt)),
    save: os.save.handler(({ input: { attempt, ...save } }) => deps.save(attempt, save)),
    results: os.results.handler(async ({ input }) => ({
      results: await sessionResults(deps.db, input.session),
    })),
    publishResults: os.publishResults.handler(async ({ input, context: { actor } }) => ({
      results: await deps.publishResults(actor, input.session, input.attempts),
    })),
    ticket: os.ticket.handler(({ input }) => deps.watch.ticketFor(input.attempt, input.lease ?? null)),
  })
}
