import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { demonstrationPolicy, funPolicy } from '@vigie/checks/verdict/policies'
import { attemptId, certificationId, paperId, personId, sessionId } from '@vigie/exam-engine/attempt/ids'
import { decide } from '@vigie/exam-engine/attempt/decide'
import { evolve } from '@vigie/exam-engine/attempt/evolve'
import type { EquipmentPolicy } from '@vigie/checks/verdict/policy'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import { freezeTerms, NO_ACCOMMODATION } from '@vigie/exam-engine/attempt/terms'
import { entryWindow } from '@vigie/exam-engine/attempt/window'
import { DEFAULT_POLICY, FUN_POLICY, type Policy } from '@vigie/exam-engine/catalog/policy'
import { DAY, HOUR, type Instant } from '@vigie/kernel/instant'
import type { Auth } from '../../accounts/auth.ts'
import { insertAttempt } from '../../attempt/store.ts'
import { keepEquipmentPolicy } from '../../checks/store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Reader } from '../../platform/database.ts'
import { uuidv7 } from '../../platform/ids.ts'
import { demonstrationPaper } from './paper.ts'
import { DEMONSTRATION_PASSWORD, DEMONSTRATION_PEOPLE, type DemonstrationPerson } from './people.ts'

interface SeedDeps {
  readonly db: Database
  readonly clock: Clock
  readonly auth: Auth
  readonly dataDir: string
}

const CERTIFICATION = certificationId.parse('01900000-0000-7000-8000-000000000001')
/** The sources' own rules beside the demonstration's, to look at and to start from; it has no session. */
const FUN_CERTIFICATION = certificationId.parse('01900000-0000-7000-8000-000000000003')
const PAPER = paperId.parse('01900000-0000-7000-8000-000000000002')

/** A whole day to come in: whoever tries the demonstration need not hurry. The exam itself lasts its 30 minutes. */
const DEMONSTRATION_POLICY: Policy = { ...DEFAULT_POLICY, entryOpensBeforeSeconds: DAY / 1000 }

async function seedPeople({ db, auth }: SeedDeps): Promise<Map<string, string>> {
  const context = await auth.$context
  // One hash for all of them: everybody knows this password, and each hash costs a good part of a second.
  let password: string | null = null
  const ids = new Map<string, string>()
  for (const { name, email, role } of DEMONSTRATION_PEOPLE) {
    const known = await db.selectFrom('person').select('id').where('email', '=', email).executeTakeFirst()
    let id = known?.id
    if (!id) {
      const user = await context.internalAdapter.createUser(
        { name, email, emailVerified: true },
        { method: 'admin' },
      )
      id = user.id
      password ??= await context.password.hash(DEMONSTRATION_PASSWORD)
      await context.internalAdapter.linkAccount({
        userId: id,
        providerId: 'credential',
        accountId: id,
        password,
      })
    }
    await db
      .insertInto('person_role')
      .values({ person_id: id, role })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    ids.set(email, id)
  }
  return ids
}

interface SeededCertification {
  readonly id: string
  readonly name: string
  readonly holder: string
  readonly policy: Policy
  readonly equipment: EquipmentPolicy
}

async function seedCertification(
  tx: Reader,
  now: Instant,
  { id, name, holder, policy, equipment }: SeededCertification,
): Promise<void> {
  await tx
    .insertInto('certification')
    .values({
      id,
      name,
      holder,
      helpline: JSON.stringify([
        { label: 'France', number: '08 00 90 27 92' },
        { label: 'International', number: '+33 800 902 792' },
      ]),
      legal_basis: 'Mission d’intérêt public de certification (article 6.1.e du RGPD)',
      alternative:
        'Vous pouvez passer cet examen en présence, sans enregistrement : écrivez à certification@demo.test.',
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await tx
    .insertInto('policy')
    .values({
      certification_id: id,
      version: 1,
      content: JSON.stringify(policy),
      created_at: now,
      created_by: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await keepEquipmentPolicy(tx, id, { version: 1, policy: equipment }, now)
}

async function seedCatalog(tx: Reader, now: Instant): Promise<void> {
  await seedCertification(tx, now, {
    id: CERTIFICATION,
    name: 'Introduction à la cartographie des processus métiers',
    holder: 'Organisme certificateur de démonstration',
    policy: DEMONSTRATION_POLICY,
    equipment: demonstrationPolicy,
  })
  await seedCertification(tx, now, {
    id: FUN_CERTIFICATION,
    name: 'Guide FUN-MOOC (exemple, sans session)',
    holder: 'FUN-MOOC',
    policy: FUN_POLICY,
    equipment: funPolicy,
  })
  await tx
    .insertInto('paper')
    .values({
      id: PAPER,
      certification_id: CERTIFICATION,
      title: 'Sujet de démonstration',
      content: JSON.stringify(demonstrationPaper(PAPER)),
      locked: false,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

async function seedSession(tx: Reader, now: Instant, people: ReadonlyMap<string, string>): Promise<void> {
  const id = sessionId.parse(uuidv7(now))
  const closesAt = now + DAY
  await tx
    .insertInto('exam_session')
    .values({
      id,
      certification_id: CERTIFICATION,
      paper_id: PAPER,
      name: 'Session de démonstration',
      opens_at: now - HOUR,
      closes_at: closesAt,
    })
    .execute()
  const idOf = (person: DemonstrationPerson) => people.get(person.email)!
  for (const person of DEMONSTRATION_PEOPLE) {
    if (person.role === 'proctor' || person.role === 'lead' || person.role === 'reviewer') {
      await tx
        .insertInto('session_staff')
        .values({ session_id: id, person_id: idOf(person), role: person.role })
        .execute()
    }
    if (person.role === 'candidate') await seedAttempt(tx, now, id, idOf(person), closesAt)
  }
}

async function seedAttempt(
  tx: Reader,
  now: Instant,
  session: string,
  candidate: string,
  closesAt: Instant,
): Promise<void> {
  const attempt = attemptId.parse(uuidv7(now))
  const terms = freezeTerms(DEMONSTRATION_POLICY, NO_ACCOMMODATION)
  const decision = decide(
    {
      type: 'schedule',
      now,
      by: { role: 'system' },
      booking: {
        attemptId: attempt,
        candidateId: personId.parse(candidate),
        sessionId: sessionId.parse(session),
        certificationId: CERTIFICATION,
        paperId: PAPER,
        window: entryWindow(terms, closesAt - 2 * HOUR, closesAt),
        insteadOf: null,
      },
    },
    null,
  )
  if (!decision.ok) throw new Error(`the demonstration cannot be scheduled: ${decision.refusal.code}`)
  const state = decision.value.reduce<AttemptState | null>(evolve, null)
  if (state) await insertAttempt(tx, attempt, state, decision.value)
}

/** A session somebody can still come into and sit, with a place that has not been used. */
async function hasOpenSession(tx: Reader, now: Instant): Promise<boolean> {
  const open = await tx
    .selectFrom('exam_session')
    .innerJoin('attempt', 'attempt.session_id', 'exam_session.id')
    .select('exam_session.id')
    .where('certification_id', '=', CERTIFICATION)
    .where('closes_at', '>', now + 4 * HOUR)
    .where('attempt.status', '=', 'scheduled')
    .executeTakeFirst()
  return open !== undefined
}

/**
 * A certification, people for each role and a session open now, so that whoever starts the product can sit and
 * supervise an exam at once. Runs at each start and adds only what is missing.
 */
export async function seedDemonstration(deps: SeedDeps): Promise<void> {
  const now = deps.clock.now()
  const people = await seedPeople(deps)
  await deps.db.transaction().execute(async (tx) => {
    await seedCatalog(tx, now)
    if (!(await hasOpenSession(tx, now))) await seedSession(tx, now, people)
  })
  await mkdir(deps.dataDir, { recursive: true })
  await writeFile(
    join(deps.dataDir, 'demonstration-accounts.json'),
    JSON.stringify(
      DEMONSTRATION_PEOPLE.map(({ role, name, email }) => ({
        role,
        name,
        email,
        password: DEMONSTRATION_PASSWORD,
      })),
      null,
      2,
    ),
  )
}
