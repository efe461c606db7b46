import { Readable } from 'node:stream'
import { INIT_NUMBER } from '@vigie/contract/evidence/segment'
import type { AttemptState } from '@vigie/exam-engine/attempt/state'
import { endedAt, TERMS } from '@vigie/exam-engine/evidence/retention'
import { ZipFile } from 'yazl'
import type { Actor } from '../accounts/actor.ts'
import { audit } from '../platform/audit.ts'
import type { Reader } from '../platform/database.ts'
import { open } from '../platform/keys.ts'
import { Refused } from '../platform/refused.ts'
import type { OpenMatters } from './custody.ts'
import { segmentContext, type IntakeDeps } from './intake.ts'
import { ownAttempts } from './ownData.ts'
import { photoContext } from './photos.ts'

export type CopyDeps = Pick<IntakeDeps, 'db' | 'clock' | 'storage' | 'keys'> & {
  readonly openMatters: OpenMatters
}

const READ_ME = `Vos données / Your data

donnees.json     ce qui est tenu sur vous, en texte / what is held about you, as text
passages/…       pour chaque passage terminé : photos et enregistrement tant qu’ils existent /
                 for each attempt that has ended: photos and recording while they exist
                 Un fichier .mp4 par prise ininterrompue / one .mp4 for each uninterrupted take
`

/** Everything in words about one attempt that is over; of others only that they are there. */
async function papersOf(db: Reader, attempt: string) {
  const of = (table: 'attempt_save' | 'attempt_text') =>
    db.selectFrom(table).selectAll().where('attempt_id', '=', attempt).execute()
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
  const looks = await db
    .selectFrom('audit_log')
    .select(['at', 'role', 'action', 'purpose'])
    .where('attempt_id', '=', attempt)
    .orderBy('at')
    .execute()
  return { events, answers: await of('attempt_save'), texts: await of('attempt_text'), chat, remarks, looks }
}

/** The clear pieces of one take, one after the other: initialisation first, so that it plays. */
async function* takeOf(
  { storage }: CopyDeps,
  key: Buffer,
  attempt: string,
  pieces: readonly { track: 'camera' | 'screen'; rendition: string; number: number; stored_as: string }[],
): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    const sealed = await storage.get(piece.stored_as)
    if (sealed) yield open(key, sealed, segmentContext(attempt, piece))
  }
}

async function addMedia(deps: CopyDeps, zip: ZipFile, attempt: string): Promise<void> {
  const { db, storage, keys } = deps
  const key = await keys.find(db, attempt)
  if (!key) return
  const photos = await db.selectFrom('photo').selectAll().where('attempt_id', '=', attempt).execute()
  for (const photo of photos) {
    const sealed = await storage.get(photo.stored_as)
    if (!sealed) continue
    zip.addBuffer(
      open(key, sealed, photoContext(attempt, photo.id)),
      `passages/${attempt}/${photo.kind}-${photo.id}.jpg`,
      { compress: false },
    )
  }
  const segments = await db
    .selectFrom('segment')
    .select(['track', 'rendition', 'number', 'stored_as', 'started_at'])
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
    zip.addReadStreamLazy(`passages/${attempt}/${name}.mp4`, { compress: false }, (give) =>
      give(null, Readable.from(takeOf(deps, key, attempt, stored))),
    )
  }
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
    .select(['id', 'name', 'email'])
    .where('id', '=', actor.id)
    .executeTakeFirstOrThrow()
  const states = await db
    .selectFrom('attempt')
    .select(['id', 'state', 'accommodation'])
    .where('candidate_id', '=', actor.id)
    .execute()
  const over = states.filter(({ state }) => endedAt(state as unknown as AttemptState) !== null)
  const reports = await db
    .selectFrom('equipment_report')
    .select(['number', 'filed_at', 'measurements', 'verdicts', 'overall'])
    .where((expression) =>
      expression.or([
        expression('person_id', '=', actor.id),
        ...(states.length > 0
          ? [
              expression(
                'attempt_id',
                'in',
                states.map(({ id }) => id),
              ),
            ]
          : []),
      ]),
    )
    .execute()
  const passages = []
  for (const attempt of await ownAttempts(db, actor.id, now, openMatters)) {
    const ended = over.some(({ id }) => id === attempt.attempt)
    passages.push({ ...attempt, ...(ended ? await papersOf(db, attempt.attempt) : {}) })
  }
  const zip = new ZipFile()
  zip.addBuffer(Buffer.from(READ_ME), 'LISEZ-MOI.txt')
  const data = { at: now, person, terms: TERMS, passages, equipmentReports: reports }
  zip.addBuffer(Buffer.from(JSON.stringify(data, null, 2)), 'donnees.json')
  for (const { id } of over) await addMedia(deps, zip, id)
  zip.end()
  return zip.outputStream
}
