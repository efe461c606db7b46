import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { personId } from '@vigie/exam-engine/attempt/ids'
import { evolveReview } from '@vigie/exam-engine/review/evolve'
import type { ReviewEvent } from '@vigie/exam-engine/review/state'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../accounts/actor.ts'
import { audit } from '../platform/audit.ts'
import { ownReviews } from '../review/own.ts'
import { readReview, writeReview } from '../review/store.ts'
import { unzip } from '../review/testZip.ts'
import { commitSegments } from './commits.ts'
import { copyOf } from './copy.ts'
import { receiveSegment } from './intake.ts'
import { openRetention } from './retention.ts'
import { commitOf, openHall, record, REVIEWER, type Hall, type Recorded } from './testHall.ts'

let hall: Hall
beforeAll(async () => {
  hall = await openHall()
})
afterAll(async () => {
  await hall[Symbol.asyncDispose]()
})

/** A recorded attempt that is over, and its candidate as who asks. */
async function recorded(): Promise<{ attempt: string; run: Recorded[]; candidate: Actor }> {
  const attempt = await hall.attempt({ status: 'sealed' })
  const run = record('camera', 3, hall.clock.now())
  await commitSegments(hall, attempt, run.map(commitOf))
  for (const segment of run) await receiveSegment(hall, attempt, segment, segment.content, null)
  await openRetention(hall.db, [{ attempt, endedAt: hall.clock.now() }])
  const { candidate_id: id } = await hall.db
    .selectFrom('attempt')
    .select('candidate_id')
    .where('id', '=', attempt)
    .executeTakeFirstOrThrow()
  const candidate: Actor = {
    kind: 'person',
    id,
    name: 'Camille Martin',
    email: `${id}@example.org`,
    roles: ['candidate'],
  }
  return { attempt, run, candidate }
}

const copied = async (candidate: Actor) => unzip(await buffer(await copyOf(hall, candidate)))
const dataIn = (files: Map<string, Buffer>) =>
  JSON.parse(files.get('donnees.json')!.toString()) as {
    unreadable: string[]
    passages: { attempt: string; review: unknown; recorded: { camera: number } }[]
  }

describe('[RET-05] the copy of what is held', () => {
  it('has each uninterrupted take as one film in clear, and what is held in words', async () => {
    const { attempt, run, candidate } = await recorded()
    const files = await copied(candidate)
    const film = files.get(`passages/${attempt}/camera-${run[0]!.rendition}.mp4`)!
    expect(film.equals(Buffer.concat(run.map(({ content }) => content)))).toBe(true)
    expect(dataIn(files)).toMatchObject({
      unreadable: [],
      passages: [{ attempt, recorded: { camera: 12_000 } }],
    })
  })

  it('counts every document shown, and has how the room was entered, what was asked, sent and written in the review once a verdict is told', async () => {
    const { attempt, candidate } = await recorded()
    const at = hall.clock.now()
    for (const kind of ['document', 'second-document', 'face'] as const)
      await hall.db
        .insertInto('photo')
        .values({ id: randomUUID(), attempt_id: attempt, kind, at, sha256: '', bytes: 1, stored_as: 'gone' })
        .execute()
    await hall.db
      .insertInto('attempt_receipt')
      .values({
        attempt_id: attempt,
        number: 1,
        issued_at: at,
        content_digest: 'c',
        jws_digest: 'd',
        jws: 'a.b.c',
      })
      .execute()
    const reviewer = randomUUID()
    await hall.db
      .insertInto('person')
      .values({ id: reviewer, name: 'R', email: `${reviewer}@example.org`, emailVerified: true })
      .execute()
    await hall.db
      .insertInto('review_comment')
      .values({
        id: randomUUID(),
        attempt_id: attempt,
        at,
        made_at: at,
        author_id: reviewer,
        text: 'Une ombre',
      })
      .execute()
    await hall.db.insertInto('live_state').values({ attempt_id: attempt, silent_since: at }).execute()
    const nonce = randomUUID()
    await hall.db
      .insertInto('live_ticket')
      .values({ nonce, attempt_id: attempt, lease: 1, issued_at: at, joined_at: at + 1 })
      .execute()
    const passage = async () => dataIn(await copied(candidate)).passages[0]!
    expect(await passage()).toMatchObject({
      photos: { document: 2, face: 1 },
      receipts: [{ number: 1, jws: 'a.b.c' }],
      requests: [],
      liveSteps: [],
      liveState: { silent_since: at },
      liveTickets: [{ issued_at: at, joined_at: at + 1 }],
      review: null,
    })
    expect(JSON.stringify(await passage())).not.toContain(nonce)
    const proposal = { outcome: 'invalid', reasons: [], facts: 'Des faits', moments: [], by: reviewer, at }
    const state = { status: 'final', assignee: null, proposal, reply: null, remedy: null, by: reviewer, at }
    await hall.db
      .insertInto('review')
      .values({ attempt_id: attempt, status: 'final', state: JSON.stringify(state), version: 1 })
      .execute()
    expect(await passage()).toMatchObject({ review: { comments: [{ text: 'Une ombre' }], steps: [] } })
    expect(JSON.stringify((await passage()).review)).not.toContain(reviewer)
  })

  it('[REV-04.2] [REV-05] tells nothing of an accusation that waits for its second person, and names who looked as the page does', async () => {
    const { attempt, candidate } = await recorded()
    const reviewer: Actor & { kind: 'person' } = { ...REVIEWER, id: randomUUID() }
    await hall.db
      .insertInto('person')
      .values({
        id: reviewer.id,
        name: reviewer.name,
        email: `${reviewer.id}@example.org`,
        emailVerified: true,
      })
      .execute()
    const done = (action: string, purpose?: string) =>
      audit(hall.db, hall.clock, {
        actor: reviewer,
        role: 'reviewer',
        action,
        attempt,
        ...(purpose !== undefined && { purpose }),
      })
    await done('review.case.viewed', 'review')
    await done('review.commented')
    await done('review.proposed')
    const by = { role: 'reviewer', id: personId.parse(reviewer.id) } as const
    const propose = (facts: string): ReviewEvent => ({
      type: 'proposed',
      at: hall.clock.now(),
      by,
      proposal: { outcome: 'invalid', reasons: [], facts, moments: [], by: by.id, at: hall.clock.now() },
    })
    const happened = async (event: ReviewEvent) => {
      const before = await readReview(hall.db, attempt)
      await writeReview(hall.db, attempt, before, evolveReview(before.state, event), [event])
    }
    const note = (text: string) =>
      hall.db
        .insertInto('review_comment')
        .values({
          id: randomUUID(),
          attempt_id: attempt,
          at: 0,
          made_at: hall.clock.now(),
          author_id: reviewer.id,
          text,
        })
        .execute()
    await note('Une ombre')
    await happened(propose('Une voix'))
    const copy = async () => (await copied(candidate)).get('donnees.json')!.toString()
    const before = await copy()
    for (const secret of ['review.proposed', 'review.commented', 'Une voix', 'Une ombre'])
      expect(before).not.toContain(secret)
    expect(dataIn(await copied(candidate)).passages[0]).toMatchObject({
      review: null,
      looks: [{ role: 'reviewer', firstName: 'Ada', what: 'case', purpose: 'review' }],
    })

    // Told, answered and dropped: what was said of them and what they answered is theirs to read.
    await happened({ type: 'candidate-told', at: hall.clock.now(), by, replyUntil: hall.clock.now() })
    await happened({ type: 'dropped', at: hall.clock.now(), by, note: 'La radio' })
    hall.clock.move(1)
    await note('Une autre')
    await happened(propose('Un téléphone'))
    const [told] = await ownReviews(hall.db, (candidate as { id: string }).id, hall.clock.now())
    expect(told).toMatchObject({ verdict: null, lately: { what: 'dropped' } })
    expect(dataIn(await copied(candidate)).passages[0]).toMatchObject({
      verdict: null,
      review: {
        comments: [{ text: 'Une ombre' }],
        steps: [{ type: 'proposed' }, { type: 'candidate-told' }, { type: 'dropped', note: 'La radio' }],
      },
    })
    for (const secret of ['Un téléphone', 'Une autre', reviewer.id])
      expect(await copy()).not.toContain(secret)
  })

  it('[ATT-09] has the result once it is published, not before, and what it was before a question was set aside', async () => {
    const { attempt, candidate } = await recorded()
    await hall.db
      .insertInto('attempt_score')
      .values({ attempt_id: attempt, points: 21, maximum: 30, detail: '{"key":"secret"}', scored_at: 1 })
      .execute()
    const result = async () =>
      (dataIn(await copied(candidate)).passages[0] as unknown as { result: unknown }).result
    expect(await result()).toBeNull()
    await sql`update attempt set state = (state::jsonb || '{"resultPublishedAt": 5}')::json where id = ${attempt}`.execute(
      hall.db,
    )
    expect(await result()).toEqual({ points: 21, maximum: 30, publishedAt: 5, before: [] })
  })

  it('has what hangs on no attempt: roles, letters that were kept here, what the person did', async () => {
    const { candidate } = await recorded()
    const { id, email } = candidate as Extract<Actor, { kind: 'person' }>
    await hall.db.insertInto('person_role').values({ person_id: id, role: 'candidate' }).execute()
    for (const recipient of [email, 'somebody@example.org'])
      await hall.db
        .insertInto('local_mailbox')
        .values({ id: randomUUID(), recipient, subject: `À ${recipient}`, body: 'Bonjour' })
        .execute()
    await copied(candidate)
    const data = JSON.parse((await copied(candidate)).get('donnees.json')!.toString()) as unknown
    expect(data).toMatchObject({
      person: { email, roles: ['candidate'] },
      letters: [{ subject: `À ${email}`, body: 'Bonjour' }],
      acts: [{ action: 'evidence.own.copied' }, { action: 'evidence.own.copied' }],
    })
  })

  it('says what could not be read, and gives the rest', async () => {
    const { attempt, run, candidate } = await recorded()
    const { stored_as } = await hall.db
      .selectFrom('segment')
      .select('stored_as')
      .where('attempt_id', '=', attempt)
      .where('number', '=', 2)
      .executeTakeFirstOrThrow()
    const file = join(hall.folder, 'objects', stored_as!)
    const spoiled = await readFile(file)
    spoiled[spoiled.length - 1]! ^= 1
    await writeFile(file, spoiled)
    const files = await copied(candidate)
    const film = files.get(`passages/${attempt}/camera-${run[0]!.rendition}.mp4`)!
    const rest = run.filter(({ number }) => number !== 2)
    expect(film.equals(Buffer.concat(rest.map(({ content }) => content)))).toBe(true)
    expect(dataIn(files).unreadable).toEqual([`segment:${attempt}:camera:${run[0]!.rendition}:2`])
  })

  it('breaks off where the store is out of reach, and nothing but the copy does', async () => {
    const { candidate } = await recorded()
    const storage = { ...hall.storage, get: () => Promise.reject(new Error('the store is out of reach')) }
    const archive = await copyOf({ ...hall, storage }, candidate)
    await expect(buffer(archive)).rejects.toThrow('the store is out of reach')
    expect((await copied(candidate)).size).toBe(3)
  })

  it('is nobody’s who is not a person', async () => {
    await expect(
      copyOf(hall, { kind: 'attempt', attempt: randomUUID(), candidate: '' }),
    ).rejects.toMatchObject({
      code: 'not-signed-in',
    })
  })
})
