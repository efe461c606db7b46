import { INIT_NUMBER, type SegmentName } from '@vigie/contract/evidence/segment'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import { endedAt, TERMS } from '@vigie/exam-engine/evidence/retention'
import { sql } from 'kysely'
import { actorLabel, type Actor } from '../accounts/actor.ts'
import { publishedResult } from '../attempt/results.ts'
import { asideRows } from '../attempt/setAside.ts'
import { createArchive, type Archive } from '../platform/archive.ts'
import { audit } from '../platform/audit.ts'
import type { Reader } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'
import { LOOKS } from '../review/looks.ts'
import { ownReviews, toldReview } from '../review/own.ts'
import { keptTexts } from '../supervision/keptText.ts'
import { readClear } from './clear.ts'
import type { OpenMatters } from './custody.ts'
import { segmentContext, type IntakeDeps } from './intake.ts'
import { ownAttempts } from './ownData.ts'
import { photoContext } from './photos.ts'

export type CopyDeps = Pick<IntakeDeps, 'db' | 'clock' | 'storage' | 'keys'> & {
  readonly openMatters: OpenMatters
}

const READ_ME = `Vos données / Your data

donnees.json     ce qui est tenu sur vous, en texte ; « unreadable » : ce qui n’a pas pu être lu
                 what is held about you, as text; “unreadable”: what could not be read
passages/…       pour chaque passage terminé : photos et enregistrement tant qu’ils existent /
                 for each attempt that has ended: photos and recording while they exist
                 Un fichier .mp4 par prise ininterrompue / one .mp4 for each uninterrupted take
`

/** Everything in words about one attempt that is over; of others only that they are there. */
async function papersOf(db: Reader, attempt: string) {
  const answers = await db
    .selectFrom('attempt_save')
    .selectAll()
    .where('attempt_id', '=', attempt)
    .orderBy('number')
    .execute()
  const events = await db
    .selectFrom('attempt_event')
    .select(['seq', 'at', 'type', 'data', 'hash'])
    .where('attempt_id', '=', attempt)
    .orderBy('seq')
    .execute()
  const chat = await db
    .selectFrom('chat_line')
    .select(['at', 'author', 'text'])
    .where('attempt_id', '=', attempt)
    .orderBy('at')
    .execute()
  const remarks = await db
    .selectFrom('remark')
    .select(['at', 'kind', 'code', 'severity', 'text', 'detail'])
    .where('attempt_id', '=', attempt)
    .orderBy('at')
    .execute()
  // Without the steps of a review, which are told as they may be told.
  const acts = await db
    .selectFrom('audit_log')
    .select(['at', 'role', 'action', 'purpose'])
    .where('attempt_id', '=', attempt)
    .where('action', 'not like', 'review.%')
    .where('action', 'not in', LOOKS)
    .orderBy('at')
    .execute()
  const requests = await db
    .selectFrom('attempt_request')
    .select(['side', 'kind', 'asked_at', 'settled_at', 'outcome'])
    .where('attempt_id', '=', attempt)
    .orderBy('asked_at')
    .execute()
  const liveSteps = await db
    .selectFrom('live_step')
    .select(['at', 'step'])
    .where('attempt_id', '=', attempt)
    .orderBy('at')
    .execute()
  const liveState = await db
    .selectFrom('live_state')
    .select(['step', 'step_since', 'silent_since', 'second_joiner_at', 'unpublished'])
    .where('attempt_id', '=', attempt)
    .executeTakeFirst()
  // Without the number that let its bearer in.
  const liveTickets = await db
    .selectFrom('live_ticket')
    .select(['issued_at', 'joined_at'])
    .where('attempt_id', '=', attempt)
    .orderBy('issued_at')
    .execute()
  const receipts = await db
    .selectFrom('attempt_receipt')
    .select(['number', 'issued_at', 'jws'])
    .where('attempt_id', '=', attempt)
    .orderBy('number')
    .execute()
  return {
    events,
    answers,
    requests,
    liveSteps,
    liveState: liveState ?? null,
    liveTickets,
    receipts,
    aside: await asideRows(db, attempt),
    texts: await keptTexts(db, attempt),
    chat,
    remarks,
    acts,
    result: await publishedResult(db, attempt),
  }
}

/** The clear pieces of one take, one after the other: initialisation first, so that it plays. */
async function* takeOf(
  { storage }: CopyDeps,
  key: Buffer,
  attempt: string,
  pieces: readonly (SegmentName & { readonly stored_as: string })[],
  left: string[],
): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    const context = segmentContext(attempt, piece)
    const clear = await readClear(storage, key, piece.stored_as, context)
    if (typeof clear === 'string') left.push(context)
    else yield clear
  }
}

/** Photos and takes of one attempt; `left` is told what could not be read. */
async function addMedia(deps: CopyDeps, archive: Archive, attempt: string, left: string[]): Promise<void> {
  const { db, storage, keys } = deps
  const key = await keys.find(db, attempt)
  if (!key) return
  const photos = await db.selectFrom('photo').selectAll().where('attempt_id', '=', attempt).execute()
  for (const { id, kind, stored_as: storedAs } of photos) {
    const make = async () => {
      const context = photoContext(attempt, id)
      const clear = await readClear(storage, key, storedAs, context)
      if (typeof clear !== 'string') return clear
      left.push(context)
      return Buffer.alloc(0)
    }
    archive.add(`passages/${attempt}/${kind}-${id}.jpg`, make, { stored: true })
  }
  const segments = await db
    .selectFrom('segment')
    .select(['track', 'rendition', 'number', 'stored_as'])
    .where('attempt_id', '=', attempt)
    .where('stored_as', 'is not', null)
    .orderBy('track')
    .orderBy('rendition')
    .orderBy('number')
    .execute()
  const takes = new Map<string, typeof segments>()
  for (const segment of segments) {
    const name = `${segment.track}-${segment.rendition}`
    takes.set(name, [...(takes.get(name) ?? []), segment])
  }
  for (const [name, pieces] of takes) {
    // Without its initialisation nothing of a take plays.
    if (pieces[0]!.number !== INIT_NUMBER) continue
    const stored = pieces.map((piece) => ({ ...piece, stored_as: piece.stored_as! }))
    archive.add(`passages/${attempt}/${name}.mp4`, () => takeOf(deps, key, attempt, stored, left), {
      stored: true,
    })
  }
}

/** Where the person has been signed in, as far as that is still known. */
const signInsOf = async (db: Reader, person: string): Promise<unknown[]> => {
  const { rows } = await sql`
    select "createdAt" as at, "expiresAt" as until, "ipAddress" as address, "userAgent" as browser
    from sign_in where "userId" = ${person} order by "createdAt"`.execute(db)
  return rows
}

/** What hangs on the person and on no attempt: roles, letters that were kept here for want of a mail server, acts. */
async function besidesOf(db: Reader, actor: Actor & { kind: 'person' }, email: string) {
  const roles = await db.selectFrom('person_role').select('role').where('person_id', '=', actor.id).execute()
  const letters = await db
    .selectFrom('local_mailbox')
    .select(['sent_at', 'subject', 'body'])
    .where('recipient', '=', email)
    .orderBy('sent_at')
    .execute()
  const acts = await db
    .selectFrom('audit_log')
    .select(['at', 'role', 'action', 'purpose'])
    .where('actor', '=', actorLabel(actor))
    .where('attempt_id', 'is', null)
    .orderBy('at')
    .execute()
  return { roles: roles.map(({ role }) => role), letters, acts }
}

/** Equipment reports the person filed, signed in or as one of their attempts. */
function reportsOf(db: Reader, person: string, attempts: readonly string[]): Promise<unknown[]> {
  return db
    .selectFrom('equipment_report')
    .select(['number', 'filed_at', 'measurements', 'verdicts', 'overall'])
    .where((expression) =>
      expression.or([
        expression('person_id', '=', person),
        ...(attempts.length > 0 ? [expression('attempt_id', 'in', attempts)] : []),
      ]),
    )
    .execute()
}

/**
 * A copy of everything held about the person who asks [RET-05], as one archive, streamed: texts, photos and recordings
 * in clear. Attempts that are not over yet are named only: what is in them would help to sit them. Logged.
 */
export async function copyOf(deps: CopyDeps, actor: Actor): Promise<NodeJS.ReadableStream> {
  if (actor.kind !== 'person') throw new Refused('not-signed-in')
  const { db, clock, openMatters } = deps
  const now = clock.now()
  await audit(db, clock, { actor, role: 'candidate', action: 'evidence.own.copied', purpose: 'access' })
  const person = await db
    .selectFrom('person')
    .select(['id', 'name', 'email', 'emailVerified'])
    .where('id', '=', actor.id)
    .executeTakeFirstOrThrow()
  const { roles, letters, acts } = await besidesOf(db, actor, person.email)
  const states = await db
    .selectFrom('attempt')
    .select(['id', 'state', 'accommodation'])
    .where('candidate_id', '=', actor.id)
    .where('rehearsal', '=', false)
    .execute()
  const over = new Set(
    states.filter(({ state }) => endedAt(state as unknown as AttemptState) !== null).map(({ id }) => id),
  )
  const told = await ownReviews(db, actor.id, now)
  const rehearsals = await db
    .selectFrom('rehearsal')
    .select(['started_at', 'ended_at', 'result'])
    .where('person_id', '=', actor.id)
    .orderBy('started_at')
    .execute()
  const passages = []
  for (const attempt of await ownAttempts(db, actor.id, now, openMatters)) {
    const id: string = attempt.attempt
    const own = told.find((review) => review.attempt === id)
    passages.push({
      ...attempt,
      accommodation: states.find((state) => state.id === id)?.accommodation ?? null,
      verdict: own?.verdict ?? null,
      review: await toldReview(db, id),
      looks: own?.looks ?? [],
      ...(over.has(id) ? await papersOf(db, id) : {}),
    })
  }
  const data = {
    at: now,
    person: { ...person, roles },
    letters,
    acts,
    signIns: await signInsOf(db, actor.id),
    terms: TERMS,
    passages,
    equipmentReports: await reportsOf(
      db,
      actor.id,
      states.map(({ id }) => id),
    ),
    rehearsals,
  }
  const left: string[] = []
  const archive = createArchive()
  archive.add('LISEZ-MOI.txt', () => Buffer.from(READ_ME))
  for (const id of over) await addMedia(deps, archive, id, left)
  // Last, because it also says what of the media could not be read.
  archive.add('donnees.json', () => Buffer.from(JSON.stringify({ ...data, unreadable: left }, null, 2)))
  archive.close()
  return archive.stream
}
