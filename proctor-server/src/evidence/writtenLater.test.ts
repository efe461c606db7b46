import { randomUUID } from 'node:crypto'
import { RECORDING_DAYS } from '@vigie/exam-engine/evidence/retention'
import { personId } from '@vigie/exam-engine/attempt/ids'
import { DAY, type Instant } from '@vigie/kernel/instant'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Reader } from '../platform/database.ts'
import { addComment } from '../review/comments.ts'
import { readReview, reviewEvents, writeReview } from '../review/store.ts'
import { keepNote } from '../supervision/keptText.ts'
import { addChatLine, addRemark } from '../supervision/store.ts'
import { sweepEvidence, sweepWrittenLater } from './sweep.ts'
import { everyTable, recorded } from './testDestruction.ts'
import { openHall, REVIEWER, type Hall } from './testHall.ts'

const TEXT = 'words-that-were-written-too-late'
let hall: Hall
beforeAll(async () => {
  hall = await openHall()
  const { id, name, email } = REVIEWER
  await hall.db.insertInto('person').values({ id, name, email, emailVerified: true }).execute()
})
afterAll(async () => {
  await hall?.[Symbol.asyncDispose]()
})

const written: Readonly<Record<string, (tx: Reader, attempt: string, at: Instant) => Promise<unknown>>> = {
  'a note beside a reason': (tx, attempt) => keepNote(tx as Parameters<typeof keepNote>[0], attempt, TEXT),
  'a note or a flag': (tx, attempt, at) =>
    addRemark(
      tx,
      {
        id: randomUUID(),
        attempt_id: attempt,
        at,
        kind: 'note',
        code: 'note',
        severity: null,
        author_id: REVIEWER.id,
        shown_to_candidate: false,
        text: TEXT,
        detail: {},
        salt: 'salt',
      },
      null,
    ),
  'a line of the conversation': (tx, attempt, at) =>
    addChatLine(tx, {
      id: randomUUID(),
      attempt_id: attempt,
      at,
      author: 'proctor',
      author_id: REVIEWER.id,
      author_name: 'Ada',
      text: TEXT,
      delivered_at: null,
      read_at: null,
      salt: 'salt',
    }),
}

describe('[RET-01] texts after the destruction', () => {
  it('are refused once it has begun, and taken before', async () => {
    const { attempt } = await recorded(hall)
    const write = (how: keyof typeof written) =>
      hall.db.transaction().execute((tx) => written[how]!(tx, attempt, hall.clock.now()))
    const comment = () => addComment(hall, REVIEWER, attempt, hall.clock.now(), TEXT)
    for (const how of Object.keys(written)) await write(how)
    await comment()
    expect(await everyTable(hall.db)).toContain(TEXT)
    hall.clock.move(RECORDING_DAYS * DAY)
    await sweepEvidence(hall)
    for (const how of Object.keys(written))
      await expect(write(how), how).rejects.toMatchObject({ code: 'evidence-destroyed' })
    await expect(comment()).rejects.toMatchObject({ code: 'evidence-destroyed' })
    expect(await everyTable(hall.db)).not.toContain(TEXT)
  })

  it('a verdict is still concluded; its steps go six weeks after they were taken, whatever else slipped in at once', async () => {
    const { attempt } = await recorded(hall)
    hall.clock.move(RECORDING_DAYS * DAY)
    await sweepEvidence(hall)
    const before = await readReview(hall.db, attempt)
    const by = { role: 'reviewer', id: personId.parse(REVIEWER.id) } as const
    await writeReview(hall.db, attempt, before, before.state, [
      { type: 'turned-down', at: hall.clock.now(), by, note: TEXT },
    ])
    await hall.db
      .insertInto('attempt_text')
      .values({ attempt_id: attempt, digest: '0'.repeat(64), salt: 'salt', text: TEXT })
      .execute()
    expect(await sweepWrittenLater(hall)).toBe(1)
    expect(await reviewEvents(hall.db, attempt)).toHaveLength(1)
    hall.clock.move(RECORDING_DAYS * DAY - 1)
    expect(await sweepWrittenLater(hall)).toBe(0)
    hall.clock.move(1)
    expect(await sweepWrittenLater(hall)).toBe(1)
    expect(await everyTable(hall.db)).not.toContain(TEXT)
  })

  it('what an attempt that stands has written is left alone', async () => {
    const { attempt } = await recorded(hall)
    await hall.db.transaction().execute((tx) => keepNote(tx, attempt, TEXT))
    expect(await sweepWrittenLater(hall)).toBe(0)
    expect(await everyTable(hall.db)).toContain(TEXT)
  })
})
