import { createHash } from 'node:crypto'
import { MINUTE } from '@vigie/kernel/instant'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { answerStream, linkedText } from '../evidence/answerStream.ts'
import { decide } from './decide.ts'
import type { AttemptEvent } from './events.ts'
import { evolve, replay } from './evolve.ts'
import { digest, type Digest } from './ids.ts'
import { deadlineOf } from './ledger.ts'
import type { SaveLink } from './saveLink.ts'
import type { AttemptState } from './state.ts'
import { CANDIDATE, dayIn, hash, HOME, LEAD, OTHER_DEVICE, PROCTOR, SYSTEM, type ExamDay } from './testDay.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

// A loaded machine takes its time over hundreds of invented days.
vi.setConfig({ testTimeout: 60_000 })

/**
 * A page, a bad network and a server that is killed, against a reference that knows seven sentences: what is numbered
 * higher replaces what is there; what is not is acknowledged and changes nothing; an older lease changes nothing;
 * nothing new enters while held; after sealing nothing enters; a page that was there at the deadline with all it had
 * announced stored is sealed at once; else sealing waits for what is announced, and for a page that was away, at most for
 * the grace, or for the minute of a proctor whom its coming back asked for time.
 */
const action = fc.oneof(
  { weight: 8, arbitrary: fc.constant('type' as const) },
  {
    weight: 10,
    arbitrary: fc.record({ deliver: fc.nat(9), again: fc.boolean(), ackLost: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ lose: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.constant('cut' as const) },
  // The server's process at the other end is killed, and nobody has been told yet [ATT-06.8].
  { weight: 2, arbitrary: fc.constant('killed' as const) },
  { weight: 3, arbitrary: fc.constant('connect' as const) },
  { weight: 3, arbitrary: fc.constant('announce' as const) },
  { weight: 1, arbitrary: fc.constant('reload' as const) },
  { weight: 1, arbitrary: fc.constant('other machine' as const) },
  { weight: 2, arbitrary: fc.constant('hold' as const) },
  { weight: 3, arbitrary: fc.constant('resume' as const) },
  { weight: 2, arbitrary: fc.constant('restart' as const) },
  { weight: 2, arbitrary: fc.constant('late drain' as const) },
  { weight: 2, arbitrary: fc.record({ outage: fc.integer({ min: 7, max: 300 }) }) },
  { weight: 2, arbitrary: fc.constant('photo' as const) },
  // A server whose clock was ahead is set right; one that stood still, or was behind, jumps over what falls due.
  { weight: 2, arbitrary: fc.record({ jump: fc.integer({ min: -30, max: -1 }) }) },
  { weight: 1, arbitrary: fc.record({ jump: fc.integer({ min: -400, max: 20_000 }) }) },
)
type Action = typeof action extends fc.Arbitrary<infer One> ? One : never
/** Most of it in seconds, so that much happens around the deadline; the rest in minutes. */
const pause = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 90 }))
const script = fc.array(fc.tuple(action, pause), { minLength: 5, maxLength: 80 })
/** How long the exam has run when the script begins: some begin just before the deadline. */
const begun = fc.constantFrom(0, 0, 1_500, 1_720, 1_780)

interface Message {
  readonly number: number
  readonly lease: number
  /** In the page's own chain: the last save it knows to be stored, and the link on it [EVD-04.4]. */
  readonly chained: { readonly previous: SaveLink | null; readonly link: Digest }
}

interface World {
  readonly day: ExamDay
  /** The page's own store, which survives reloads and cuts [ROOM-04]. */
  typed: number
  acknowledged: number
  lease: number
  /** The last save the page knows to be stored. */
  known: SaveLink | null
  /** Numbers that are stored under their own answers. */
  readonly kept: Set<number>
  /** Sent and not yet arrived, in any order. */
  network: Message[]
  /** The reference: what is stored, what was said to exist, whether the page is there, and how it ended. */
  stored: number
  announced: number
  connected: boolean
  /** The state takes the page for connected, and no process of the server can say that it is. */
  unseen: boolean
  closing: {
    readonly at: number
    readonly connected: boolean
    readonly complete: boolean
    /** How many credits had been put before the proctor, and when its page's coming back put one more. */
    readonly asked: number
    askedAt: number | null
    /** Once sealed it stays so, whatever becomes of the page. */
    sealed: boolean
  } | null
}

const leaseOf = (state: AttemptState | null): number =>
  state && 'presence' in state ? state.presence.lease : 0
const draftOf = (state: AttemptState | null) =>
  state && 'sitting' in state && state.sitting ? state.sitting.draft : null

/** A page that was away at the closing brings whatever it has, so long. */
const isGrace = ({ closing, day }: World): boolean =>
  closing !== null && !closing.connected && day.now < closing.at + day.terms.sealGraceSeconds * 1_000

/** What the reference says of a save that arrives now; null: an announced-only closing, judged by its own rule. */
function expected(world: World, { number, lease }: Message): 'stored' | 'repeated' | 'refused' {
  const { state } = world.day
  if (lease < leaseOf(state)) return 'refused'
  if (number <= world.stored) return 'repeated'
  if (state?.status === 'running') return 'stored'
  if (state?.status === 'closed') {
    const announced = draftOf(state)?.announced ?? 0
    return isGrace(world) || number <= announced ? 'stored' : 'refused'
  }
  return 'refused'
}

/**
 * Does what is due, and compares how far the end has come: nothing has happened to the page since the last look, so the
 * reference still stands as it stood at the deadline.
 */
function look(world: World): void {
  const { day, unseen } = world
  day.tell(SYSTEM, { type: 'expire', unseen })
  const { state } = day
  if (state?.status !== 'closed' && state?.status !== 'sealed') {
    world.closing = null
    return
  }
  if (unseen && !world.closing) [world.connected, world.unseen] = [false, false]
  const { connected, stored, announced } = world
  // A credit that nobody has decided on keeps a time-out open, the grace at most [TIM-02.2]; the end of a session does not
  // wait for it.
  const { proposals, proposalsMade: asked } = state.sitting!
  const decided = proposals.length === 0 || state.closing.cause !== 'time-out'
  const complete = connected && stored >= announced && decided
  world.closing ??= { at: state.closing.at, connected, complete, asked, askedAt: null, sealed: complete }
  if (asked > world.closing.asked) world.closing.askedAt ??= day.now
  const all = stored >= announced && (world.closing.connected || connected) && decided
  const { sealGraceSeconds, endAnswerSeconds } = state.terms
  const { at, askedAt } = world.closing
  const over = day.now >= Math.max(at + sealGraceSeconds * 1_000, (askedAt ?? at) + endAnswerSeconds * 1_000)
  world.closing.sealed ||= all || over
  expect(state.status, JSON.stringify({ ...world, day: undefined })).toBe(
    world.closing.sealed ? 'sealed' : 'closed',
  )
  if (state.status === 'sealed' && world.closing.complete) expect(state.sealedAt).toBe(state.closing.at)
}

/** The page's newest save, on the last one it knows to be stored. */
function messageOf({ typed: number, lease, known: previous }: World): Message {
  const link = digest.parse(sha256(linkedText(previous?.link ?? null, number, hash(number))))
  return { number, lease, chained: { previous, link } }
}

/** The page says that saves up to the last one typed exist; whoever was there at the deadline can say no more. */
function announce(world: World): void {
  if (!world.closing || isGrace(world)) world.announced = Math.max(world.announced, world.typed)
}

function arrive(world: World, message: Message, ackLost = false): void {
  const { day } = world
  // What is due is done first; the reference looks at the state it leaves.
  look(world)
  const outcome = expected(world, message)
  const { number, lease, chained } = message
  const save = { type: 'save', number, digest: hash(number), answeredCount: 1, chained, lease } as const
  const command = day.command(CANDIDATE, save)
  const decision = decide(command, day.state)
  expect(decision.ok, `${outcome} save ${number} in ${day.state?.status}`).toBe(outcome !== 'refused')
  if (!decision.ok) return
  for (const event of decision.value) {
    day.state = evolve(day.state, event)
    day.record.push(event)
  }
  if (outcome === 'stored') {
    world.stored = number
    world.announced = Math.max(world.announced, number)
    world.kept.add(number)
  }
  if (ackLost) return
  // Of a number that was passed over the page hears that others stand above it.
  if (world.kept.has(number) && number > (world.known?.number ?? 0))
    world.known = { number, link: chained.link }
  world.acknowledged = Math.max(world.acknowledged, Math.min(number, world.stored))
}

const attempt = (run: () => unknown): void => {
  try {
    run()
  } catch (error) {
    // A refusal of something that does not exist in this state; the world goes on.
    if (!(error instanceof Error) || !error.message.includes(' refused: ')) throw error
  }
}

function takeOver(world: World, profile: typeof HOME): void {
  attempt(() => {
    world.day.tell(CANDIDATE, { type: 'takeLease', profile })
    world.lease = leaseOf(world.day.state)
    // It is told what is there, on whatever machine.
    world.known = draftOf(world.day.state)?.linked ?? null
    connect(world)
  })
}

function connect(world: World): void {
  world.day.tell(SYSTEM, { type: 'connected', lastNumber: world.typed, lease: world.lease })
  ;[world.connected, world.unseen] = [true, false]
  announce(world)
}

function act(world: World, what: Action): void {
  const { day } = world
  look(world)
  if (typeof what === 'object') {
    if ('jump' in what) return void day.after(what.jump)
    if ('outage' in what) {
      const from = day.now - what.outage * 1_000
      return attempt(() => day.tell(SYSTEM, { type: 'outage', from, to: day.now }))
    }
    const index = 'deliver' in what ? what.deliver : what.lose
    const message = world.network[index % Math.max(1, world.network.length)]
    if (!message) return
    if (!('deliver' in what) || !what.again) world.network = world.network.filter((one) => one !== message)
    if ('deliver' in what) arrive(world, message, what.ackLost)
    return
  }
  switch (what) {
    case 'type':
      world.typed += 1
      world.network.push(messageOf(world))
      return
    case 'cut':
      return attempt(() => {
        day.tell(SYSTEM, { type: 'disconnected', lease: world.lease })
        ;[world.connected, world.unseen] = [false, false]
      })
    case 'killed':
      if (world.connected) world.unseen = true
      return
    case 'connect':
      return attempt(() => connect(world))
    case 'announce':
      return attempt(() => {
        day.tell(CANDIDATE, { type: 'announceAnswers', lastNumber: world.typed, lease: world.lease })
        announce(world)
      })
    case 'reload':
      return takeOver(world, HOME)
    case 'other machine':
      return takeOver(world, OTHER_DEVICE)
    case 'hold':
      return attempt(() => day.tell(PROCTOR, { type: 'hold', reason: { code: 'verification', note: null } }))
    case 'resume':
      return attempt(() => day.tell(LEAD, { type: 'resume', credit: true }))
    case 'restart':
      // The process is gone; what the database holds is all there is: the state, and the record it can be made of.
      day.state = JSON.parse(JSON.stringify(day.state)) as AttemptState
      expect(replay(JSON.parse(JSON.stringify(day.record)) as AttemptEvent[])).toEqual(day.state)
      return
    case 'late drain':
      return void day.expire()
    case 'photo':
      return attempt(() => day.tell(CANDIDATE, { type: 'skipPhoto', photo: 'face' }))
  }
}

function begin(after = 0): World {
  const day = dayIn('running').after(after)
  const page = {
    typed: 0,
    acknowledged: 0,
    lease: leaseOf(day.state),
    known: null,
    kept: new Set<number>(),
    network: [],
  }
  return { day, ...page, stored: 0, announced: 0, connected: true, unseen: false, closing: null }
}

function live(actions: readonly (readonly [Action, number])[], after: number): World {
  const world = begin(after)
  for (const [what, seconds] of actions) {
    world.day.after(seconds)
    act(world, what)
    look(world)
    const draft = draftOf(world.day.state)
    expect(draft?.number).toBe(world.stored)
    if (world.stored > 0) expect(draft?.digest).toBe(hash(world.stored))
    // Shown = acknowledged + visibly pending: nothing acknowledged is ever missing on the server [ATT-04].
    expect(world.acknowledged).toBeLessThanOrEqual(world.stored)
  }
  // Lost acknowledgements, takeovers and restarts are no breaks [EVD-04.4].
  expect(world.day.record.filter((event) => 'stands' in event && event.stands?.fault)).toEqual([])
  expect(answerStream(sha256, world.day.record)).toEqual({ linked: world.kept.size, unlinked: 0, breaks: [] })
  return world
}

/** The line is good again: the page connects, is readmitted and resumed, and sends the whole of its newest draft. */
function recover(world: World): void {
  const { day } = world
  takeOver(world, HOME)
  act(world, 'photo')
  act(world, 'resume')
  day.after(6)
  if (world.typed > world.stored) arrive(world, messageOf(world))
}

describe('a page on a bad network and the reference', () => {
  it('[ATT-04.1] [ATT-06.2] [ATT-06.3] [ATT-06.4] agree after every step, whatever is lost, repeated, reordered, held, taken over or restarted', () => {
    fc.assert(
      fc.property(script, begun, (actions, after) => void live(actions, after)),
      { numRuns: 800 },
    )
  })

  it('[ATT-04.1] when nothing is pending page and server are equal, and the end seals exactly that, once', () => {
    fc.assert(
      fc.property(script, begun, (actions, after) => {
        const world = live(actions, after)
        const { day } = world
        recover(world)
        if (day.state?.status === 'running') expect(world.stored).toBe(world.typed)
        day.after(600 * 60)
        day.expire()
        const { state } = day
        if (state?.status !== 'sealed') throw new Error(`ended in ${state?.status}`)
        expect(draftOf(state)?.number).toBe(world.stored)
        const closings = day.record.filter(({ type }) => type === 'closed').length
        const reopenings = day.record.filter(({ type }) => type === 'reactivated').length
        expect(closings - reopenings).toBe(1)
        expect(day.record.filter(({ type }) => type === 'sealed').length).toBeLessThanOrEqual(closings)
        if (state.closing.cause === 'time-out' && state.sitting)
          expect(state.closing.at).toBe(deadlineOf(state.sitting, state.terms))
      }),
      { numRuns: 400 },
    )
  })

  it('[ATT-06.4] beyond the deadline: what a page that was away typed before comes in within the grace and not after', () => {
    const world = begin()
    act(world, 'type')
    act(world, 'type')
    act(world, 'cut')
    const { sitting, terms } = world.day.in('running')
    world.day.at(deadlineOf(sitting, terms) + MINUTE)
    arrive(world, world.network[0]!)
    expect(world.stored).toBe(1)
    world.day.after(61)
    arrive(world, world.network[1]!)
    expect(world.stored).toBe(1)
    expect(world.day.state?.status).toBe('sealed')
  })

  it('[ATT-06.4] [ATT-06.8] a session that ends in a hold, by a clock that jumped, while nobody saw the page: what it has comes in within the grace', () => {
    const world = live(
      [
        ['type', 0],
        ['hold', 0],
        ['killed', 0],
        [{ jump: 12_700 }, 30],
        ['type', 8],
        [{ deliver: 1, again: false, ackLost: false }, 11],
      ],
      1_780,
    )
    const { closing, sealing } = world.day.in('closed')
    expect(closing.cause).toBe('technical')
    expect(sealing.awaits).toBe('offline')
    expect(world.stored).toBe(2)
  })
})
