import type { RosterReport } from '@vigie/contract/catalog/session'
import {
  attemptId,
  certificationId,
  paperId,
  personId,
  sessionId,
  type SessionId,
} from '@vigie/exam-engine/attempt/ids'
import { decide } from '@vigie/exam-engine/attempt/decide'
import { evolve } from '@vigie/exam-engine/attempt/evolve'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import { freezeTerms, type Accommodation } from '@vigie/exam-engine/attempt/terms'
import { entryWindow } from '@vigie/exam-engine/attempt/window'
import type { Policy } from '@vigie/exam-engine/catalog/policy'
import { readRoster } from '@vigie/exam-engine/catalog/roster'
import type { Instant } from '@vigie/kernel/instant'
import type { Person } from '../accounts/actor.ts'
import { ensurePerson, wayIn, type InvitationDeps } from '../accounts/invitations.ts'
import { declareAccommodation, insertAttempt } from '../attempt/store.ts'
import { audit } from '../platform/audit.ts'
import type { Database, Tx } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import { sha256 } from '../platform/keys.ts'
import { postLetter } from '../platform/mail.ts'
import { Refused } from '../platform/refused.ts'
import { readCsv } from './csvFile.ts'
import { EXAM_ZONE, invitationLetter } from './letters.ts'
import { knownEmails, seatedByEmail, staffEmails } from './rosterStore.ts'
import { lockSession } from './sessionStore.ts'
import { currentPolicy } from './store.ts'

export interface RosterDeps extends InvitationDeps {
  readonly db: Database
}

type SessionRow = NonNullable<Awaited<ReturnType<typeof lockSession>>>

interface Checked {
  readonly session: SessionRow
  readonly policy: Policy
  readonly report: RosterReport
}

/** Reads and judges a file against the session as it is now. Writes nothing. */
async function check(tx: Tx, deps: RosterDeps, id: SessionId, bytes: Uint8Array): Promise<Checked> {
  const session = await lockSession(tx, id)
  if (!session) throw new Refused('not-found')
  const policy = await currentPolicy(tx, session.certification_id)
  const file = readCsv(bytes)
  const { fileFaults, lines } = readRoster(file.rows, {
    now: deps.clock.now(),
    opensAt: session.opens_at,
    closesAt: session.closes_at,
    zone: EXAM_ZONE,
    durationSeconds: policy.durationSeconds,
    places: session.places,
    seated: await seatedByEmail(tx, id),
    staff: await staffEmails(tx, id),
  })
  const known = await knownEmails(
    tx,
    lines.map((line) => line.email),
  )
  const report: RosterReport = {
    digest: sha256(bytes),
    encoding: file.encoding,
    delimiter: file.delimiter,
    fileFaults: [...fileFaults],
    lines: lines.map((line) => ({
      ...line,
      faults: [...line.faults],
      outcome:
        line.faults.length > 0
          ? 'fault'
          : line.already
            ? 'already'
            : known.has(line.email)
              ? 'known-account'
              : 'new-account',
    })),
    good: lines.filter((line) => line.faults.length === 0 && !line.already).length,
    already: lines.filter((line) => line.already).length,
    faulty: lines.filter((line) => line.faults.length > 0).length,
  }
  return { session, policy, report }
}

/** [ADM-02] What a file would do, line by line, before anything is written. */
export const checkRoster = (deps: RosterDeps, id: SessionId, bytes: Uint8Array): Promise<RosterReport> =>
  deps.db.transaction().execute(async (tx) => (await check(tx, deps, id, bytes)).report)

/**
 * [ADM-02] Writes every line of a file that was checked, or nothing: accounts, roles, attempts, letters and the audit
 * entry are one transaction. The file is judged once more in it, for the session may have changed since it was shown.
 */
export async function writeRoster(
  deps: RosterDeps,
  by: Person,
  id: SessionId,
  bytes: Uint8Array,
  digest: string,
): Promise<{ readonly added: number; readonly already: number }> {
  if (sha256(bytes) !== digest) throw new Refused('file-changed')
  return deps.db.transaction().execute(async (tx) => {
    const { session, policy, report } = await check(tx, deps, id, bytes)
    if (report.fileFaults.length > 0 || report.faulty > 0)
      throw new Refused('roster-faulty', {
        lines: report.lines.filter((line) => line.outcome === 'fault').map((line) => line.line),
      })
    const certification = await tx
      .selectFrom('certification')
      .select(['name', 'alternative'])
      .where('id', '=', session.certification_id)
      .executeTakeFirstOrThrow()
    for (const line of report.lines) {
      if (line.outcome === 'already' || line.appointmentAt === null || line.accommodation === null) continue
      const now = deps.clock.now()
      const person = await ensurePerson(tx, now, { name: line.name, email: line.email, roles: ['candidate'] })
      await seat(tx, now, by, session, policy, {
        candidate: person.id,
        appointmentAt: line.appointmentAt,
        accommodation: line.accommodation,
      })
      await postLetter(
        deps.jobs,
        tx,
        uuidv7(now),
        invitationLetter({
          person,
          certification,
          session: session.name,
          appointmentAt: line.appointmentAt,
          way: await wayIn(tx, deps, person.id),
          origin: deps.publicOrigin,
        }),
      )
    }
    await audit(tx, deps.clock, {
      actor: by,
      action: 'catalog.roster.write',
      detail: { session: id, file: digest, added: report.good, already: report.already },
    })
    return { added: report.good, already: report.already }
  })
}

/** Makes the attempt of one candidate: an appointment in the session, with what was declared for it [ATT-10]. */
async function seat(
  tx: Tx,
  now: Instant,
  by: Person,
  session: SessionRow,
  policy: Policy,
  one: { candidate: string; appointmentAt: Instant; accommodation: Accommodation },
): Promise<void> {
  const id = attemptId.parse(uuidv7(now))
  const decision = decide(
    {
      type: 'schedule',
      now,
      by: { role: 'registrar', id: personId.parse(by.id) },
      booking: {
        attemptId: id,
        candidateId: personId.parse(one.candidate),
        sessionId: sessionId.parse(session.id),
        certificationId: certificationId.parse(session.certification_id),
        paperId: paperId.parse(session.paper_id),
        window: windowOf(policy, session, one.appointmentAt, one.accommodation),
        insteadOf: null,
      },
    },
    null,
  )
  if (!decision.ok) throw new Refused(decision.refusal.code)
  const state = decision.value.reduce<AttemptState | null>(evolve, null)
  if (!state) throw new Error('scheduling makes an attempt')
  await insertAttempt(tx, id, state, decision.value)
  await declareAccommodation(tx, id, one.accommodation)
}

/** When this candidate may come in; the late limit never reaches past the end of the session. */
export function windowOf(
  policy: Policy,
  session: Pick<SessionRow, 'closes_at'>,
  appointmentAt: Instant,
  accommodation: Accommodation,
) {
  return entryWindow(freezeTerms(policy, accommodation), appointmentAt, session.closes_at)
}
