import type { StreamStanding } from '@vigie/exam-engine/attempt/besides'
import { MINUTE } from '@vigie/kernel/instant'
import { decideNow, type ActDeps, type Moved } from '../attempt/act.ts'
import { chainEvents, lockFree, writeChanges, type StoredAttempt } from '../attempt/store.ts'
import { unseenAmong } from '../attempt/unseen.ts'
import type { Tx } from '../platform/database.ts'
import { attemptsWithGrowth, takeGrown } from './streamStore.ts'

/** How long a stream may grow before the chain says so [EVD-03]. */
const EVERY = MINUTE
const AT_ONCE = 200

/** Writes the heads of the streams that have grown into the chains of these attempts, which `tx` has locked. */
async function attest(deps: ActDeps, tx: Tx, locked: readonly StoredAttempt[]): Promise<Moved[]> {
  const rows = await takeGrown(
    tx,
    locked.map(({ id }) => id),
  )
  const unseen = await unseenAmong(tx, deps.replica, locked, deps.clock.now())
  const attested: Moved[] = []
  for (const stored of locked) {
    const streams = rows
      .filter((row) => row.attempt_id === stored.id)
      .sort((a, b) => (a.track + a.rendition < b.track + b.rendition ? -1 : 1))
      .map((row): StreamStanding => ({
        track: row.track,
        rendition: row.rendition,
        promised: row.promised,
        promisedHead: row.promised_head,
        received: row.received,
        receivedHead: row.received_head,
      }))
    if (streams.length === 0) continue
    const now = deps.clock.now()
    const said = { type: 'attestStreams', now, by: { role: 'system' }, streams } as const
    const { state, events } = decideNow(stored.state, { ...said, unseen: unseen.has(stored.id) })
    attested.push({ change: chainEvents(stored, state, events), events })
  }
  await writeChanges(
    tx,
    attested.map(({ change }) => change),
    [],
  )
  await deps.withChanges(tx, attested)
  return attested
}

/** The heads of recorded streams on their way into the chains [EVD-03]. */
export interface Attestation {
  /** Attempts whose recording has grown for a minute; those that somebody else has locked come next time. */
  drain(): Promise<void>
  /** One attempt that `tx` has locked, now: what is signed next covers all there is. Gives it as it is then. */
  now(tx: Tx, stored: StoredAttempt): Promise<StoredAttempt>
}

export function createAttestation(deps: ActDeps): Attestation {
  async function drainBatch(): Promise<number> {
    const due = await attemptsWithGrowth(deps.db, deps.clock.now() - EVERY, AT_ONCE)
    if (due.length === 0) return 0
    const done = await deps.db.transaction().execute(async (tx) => attest(deps, tx, await lockFree(tx, due)))
    for (const { change, events } of done) deps.publish(change, events)
    return done.length
  }

  return {
    async drain() {
      while ((await drainBatch()) === AT_ONCE);
    },
    async now(tx, stored) {
      const [done] = await attest(deps, tx, [stored])
      return done ? done.change.after : stored
    },
  }
}
