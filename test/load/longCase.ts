import { createHash, randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { COMMITS_LIMIT, segmentPath, type CommitMessage } from '@vigie/contract/evidence/segment'
import { digest } from '@vigie/exam-engine/attempt/ids'
import { HOUR, MINUTE, SECOND } from '@vigie/kernel/instant'
import pg from 'pg'
import { reachQueue } from '../people/candidate.ts'
import { movedBy, tracksOf } from '../people/mp4.ts'
import { playedRuns, signedIn, type PlayedRun, type Signed } from '../people/reviewer.ts'
import type { Stack } from '../stack/stack.ts'

/** A case of three hours: real segments of half a minute, repeated, with holes in one track and in both. */
const LONG = 3 * HOUR
const TRACKS = ['camera', 'screen'] as const
type Track = (typeof TRACKS)[number]

/** Where recording stood still, in milliseconds from the start. */
const HOLES: Readonly<Record<Track, readonly (readonly [from: number, to: number])[]>> = {
  camera: [
    [5 * MINUTE, 5 * MINUTE + 12 * SECOND],
    [2 * HOUR, 2 * HOUR + 40 * SECOND],
  ],
  screen: [
    [10 * MINUTE, 10 * MINUTE + 9 * SECOND],
    [2 * HOUR, 2 * HOUR + 40 * SECOND],
  ],
}

interface Credential {
  readonly credential: string
  readonly lease: number
}

/** What entry gave the candidate's browser, read where its page keeps it [IDN-09]. */
const credentialOf = (page: Page, attempt: string): Promise<Credential> =>
  page.evaluate(
    (key) =>
      new Promise<Credential>((resolve, reject) => {
        const opening = indexedDB.open('vigie.attempt')
        opening.onerror = () => reject(new Error('no store'))
        opening.onsuccess = () => {
          const reading = opening.result.transaction('values').objectStore('values').get(key)
          reading.onsuccess = () => resolve(reading.result as Credential)
          reading.onerror = () => reject(new Error('nothing kept'))
        }
      }),
    `${attempt}:entry`,
  )

interface Sent {
  readonly commit: CommitMessage
  readonly bytes: Buffer
}

/** One run of `lasting` milliseconds made of the segments of a real one, each moved to its place. */
function* repeated(
  run: PlayedRun,
  track: Track,
  from: number,
  lasting: number,
  lease: number,
): Generator<Sent> {
  const tracks = tracksOf(run.init)
  const first = run.segments[0]!
  const rendition = randomUUID()
  let previous: CommitMessage['digest'] | null = null
  let number = 0
  const next = (bytes: Buffer, begin: number, end: number): Sent => {
    const commit: CommitMessage = {
      track,
      rendition,
      number,
      digest: digest.parse(createHash('sha256').update(bytes).digest('hex')),
      previous,
      bytes: bytes.length,
      from: Math.round(begin),
      to: Math.round(end),
      offset: 0,
      lease,
    }
    number += 1
    previous = commit.digest
    return { commit, bytes }
  }
  yield next(run.init, from, from)
  let at = from
  for (let index = 0; at < from + lasting; index += 1) {
    const segment = run.segments[index % run.segments.length]!
    const moved = movedBy(segment.bytes, (at - from - (segment.from - first.from)) / SECOND, tracks)
    yield next(moved, at, at + segment.seconds * SECOND)
    at += segment.seconds * SECOND
  }
}

async function send(
  origin: string,
  attempt: string,
  { credential }: Credential,
  sent: readonly Sent[],
): Promise<void> {
  const authorization = `Attempt ${credential}`
  const committed = await fetch(`${origin}/api/attempts/${attempt}/segments`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ commits: sent.map(({ commit }) => commit) }),
  })
  if (!committed.ok) throw new Error(`commit: ${committed.status} ${await committed.text()}`)
  const left = [...sent]
  const work = async () => {
    for (let one = left.shift(); one; one = left.shift()) {
      const answer = await fetch(origin + segmentPath(attempt, one.commit), {
        method: 'PUT',
        headers: { authorization, 'content-type': 'application/octet-stream' },
        body: new Uint8Array(one.bytes),
      })
      if (!answer.ok) throw new Error(`segment: ${answer.status} ${await answer.text()}`)
    }
  }
  await Promise.all(Array.from({ length: 6 }, work))
}

/** What stands between the holes of a track, as stretches from the start. */
function stretches(track: Track): [from: number, lasting: number][] {
  const edges = [0, ...HOLES[track].flat(), LONG]
  return Array.from({ length: edges.length / 2 }, (_, index) => {
    const from = edges[2 * index]!
    return [from, edges[2 * index + 1]! - from]
  })
}

/** The lanes of a real day: chat, flags, signals, notes of reviewers, spread over the three hours. */
async function fillLanes(client: pg.Client, attempt: string, start: number): Promise<void> {
  for (let index = 0; index < 40; index += 1) {
    const at = start + 10 * MINUTE + index * 4 * MINUTE
    const side = index % 2 === 0 ? 'candidate' : 'proctor'
    await client.query(
      `insert into chat_line (id, attempt_id, at, author, author_name, text) values ($1, $2, $3, $4, $5, $6)`,
      [randomUUID(), attempt, at, side, side === 'proctor' ? 'Sacha' : 'Camille', 'Tout va bien ?'],
    )
    const [kind, code] = index % 3 === 0 ? ['flag', 'speech'] : ['signal', 'window-left']
    await client.query(
      `insert into remark (id, attempt_id, at, kind, code, severity, text) values ($1, $2, $3, $4, $5, $6, '')`,
      [randomUUID(), attempt, at + MINUTE, kind, code, kind === 'flag' ? 'medium' : null],
    )
  }
  await client.query(
    `insert into review_comment (id, attempt_id, at, made_at, author_id, text)
     select gen_random_uuid(), $1, $2::bigint, $2::bigint, id, 'Une seconde voix' from person where email = 'relecture@demo.test'`,
    [attempt, start + 50 * MINUTE],
  )
}

/** Records half a minute with a real browser, then makes three hours of it. Gives the attempt and a reviewer. */
export async function makeLongCase(
  stack: Stack,
  candidate: Page,
  progress: (line: string) => void,
): Promise<{ attempt: string; reviewer: Signed; start: number }> {
  const account = (email: string) => stack.accounts.find((one) => one.email === email)!
  const attempt = await reachQueue(candidate, account('camille@demo.test'))
  const reviewer = await signedIn(stack.origin, account('relecture@demo.test'))
  const runs: Partial<Record<Track, PlayedRun>> = {}
  for (const track of TRACKS) {
    for (;;) {
      const [run] = await playedRuns(reviewer, attempt, track)
      if (run && run.segments.length >= 6) {
        runs[track] = run
        break
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000))
    }
  }
  const entry = await credentialOf(candidate, attempt)
  await candidate.close()
  progress('half a minute recorded')

  const client = new pg.Client({ connectionString: stack.databaseUrl })
  await client.connect()
  try {
    const start = Date.now() - LONG - MINUTE
    await client.query('delete from segment where attempt_id = $1', [attempt])
    for (const track of TRACKS) {
      for (const [from, lasting] of stretches(track)) {
        let batch: Sent[] = []
        for (const sent of repeated(runs[track]!, track, start + from, lasting, entry.lease)) {
          batch.push(sent)
          if (batch.length === COMMITS_LIMIT) await send(stack.origin, attempt, entry, batch.splice(0))
        }
        if (batch.length > 0) await send(stack.origin, attempt, entry, batch)
        batch = []
      }
      progress(`three hours of ${track} sent`)
    }
    // As a page that was there all the time would have promised them.
    await client.query('update segment set committed_at = ended_at + 500 where attempt_id = $1', [attempt])
    await client.query(
      `update attempt set state = jsonb_set(state::jsonb, '{entry,recordingSince}', to_jsonb($2::bigint)) where id = $1`,
      [attempt, start],
    )
    await fillLanes(client, attempt, start)
    return { attempt, reviewer, start }
  } finally {
    await client.end()
  }
}
