import { requestOfHold } from '@vigie/exam-engine/supervision/requests'
import type { Moved } from '../attempt/act.ts'
import { firstName } from '../attempt/view.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import { openRequest, settleOpen } from './requests.ts'

/**
 * What supervision keeps beside the events of an attempt, in their transaction: a hold for a visit or a break asks the
 * page for it, going on settles it, and another proctor is told to the candidate [SUP-02], [SUP-06].
 */
export async function keepAside(tx: Tx, clock: Clock, moved: readonly Moved[]): Promise<void> {
  const over = moved.filter(({ events }) =>
    events.some(({ type }) => type === 'closed' || type === 'refused'),
  )
  await settleOpen(
    tx,
    clock,
    over.map(({ change }) => change.after.id),
    true,
  )
  for (const one of moved) await keepOneAside(tx, clock, one)
}

async function keepOneAside(tx: Tx, clock: Clock, { change, events }: Moved): Promise<void> {
  const attempt = change.after.id
  for (const event of events) {
    switch (event.type) {
      case 'hold-requested': {
        const kind = requestOfHold(event.reason.code)
        const by = event.by.role === 'system' ? null : event.by.id
        if (kind) await openRequest(tx, clock, { attempt, side: 'proctor', kind, by })
        break
      }
      case 'resumed':
      case 'hold-withdrawn':
        await settleOpen(tx, clock, [attempt], false)
        break
      case 'handed-over':
        await tellOfProctor(tx, clock, attempt, event.to)
        break
      case 'taken':
        // From the queue the proctor introduces themself; in mid-exam somebody else comes.
        if (change.before.state.status !== 'waiting') {
          await tellOfProctor(tx, clock, attempt, event.proctorId)
        }
        break
      case 'released': {
        // Before the start the queue says it; at work nobody would know that nobody watches.
        const atWork = change.after.state.status === 'running' || change.after.state.status === 'held'
        if (atWork || event.reason.code === 'proctor-gone') await tellOfProctor(tx, clock, attempt, null)
        break
      }
      default:
        // Everything else is told by the event alone.
        break
    }
  }
}

/** `proctor`: who watches from now on; null: nobody yet, somebody is looked for. */
async function tellOfProctor(tx: Tx, clock: Clock, attempt: string, proctor: string | null): Promise<void> {
  const person =
    proctor === null
      ? null
      : await tx.selectFrom('person').select('name').where('id', '=', proctor).executeTakeFirstOrThrow()
  await tx
    .insertInto('remark')
    .values({
      id: uuidv7(clock.now()),
      attempt_id: attempt,
      at: clock.now(),
      kind: 'proctor',
      code: person ? 'replaced' : 'gone',
      severity: null,
      author_id: null,
      shown_to_candidate: true,
      text: person ? firstName(person.name) : '',
      detail: JSON.stringify({}),
      seen_at: null,
    })
    .execute()
}
