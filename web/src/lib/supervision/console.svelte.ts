import { createContext } from 'svelte'
import type { Me } from '@vigie/contract/accounts/api'
import { attemptId } from '@vigie/exam-engine/attempt/ids'
import type { SupervisionAction } from '@vigie/exam-engine/supervision/actions'
import type { Bulk, consoleEvents, ConsoleMessages } from '@vigie/contract/supervision/socket'
import type { CaseView, ConsoleIdentity, ProctorView } from '@vigie/contract/supervision/view'
import type { z } from 'zod'
import { clock } from '#lib/platform/clock.svelte.ts'
import { api } from '#lib/platform/http.ts'
import { preferences } from '#lib/platform/preferences.svelte.ts'
import { openLine, type LineState, type LiveLine } from '#lib/platform/socket.ts'
import { readStored, writeStored } from '#lib/platform/storage.ts'
import { m } from '#lib/paraglide/messages.js'
import { toasts } from '#lib/ui/toasts.svelte.ts'
import { Alarms } from './alarms.svelte.ts'
import { allCame, at, atTheDesk, inQueueOrder, oneCame, placeOf, type Cases } from './cases.ts'
import type { AskedAction } from './askedAction.ts'
import { Chats } from './chats.svelte.ts'
import { isComplete } from './checklist.ts'
import { byName, byUrgency, escalatedTo, isUrgent, nextInNeed } from './concerns.ts'
import { Handovers } from './handovers.svelte.ts'
import { Layout, type Tab } from './layout.svelte.ts'
import { LeftWaiting } from './leftWaiting.svelte.ts'
import { renumbered, type Numbers } from './numbers.ts'
import { tell, tellRefusal } from './tell.ts'
import { Voice } from './voice.svelte.ts'
import { Pictures } from './live/pictures.svelte.ts'
import { Watching } from './watching.svelte.ts'
import { WindowDrafts } from './windowDrafts.ts'

type Events = typeof consoleEvents
export type EventName = keyof Events
type Said<Name extends EventName> = Omit<z.input<Events[Name]['input']>, 'attempt'>

/** A fire alarm goes through hundreds of candidates, a few at a time: milliseconds until nobody answers. */
const BULK_PATIENCE = 60_000

const NUMBERS = 'vigie.supervision.numbers'

/** The numbers before a reload of this tab: they are the fingers' memory. */
const storedNumbers = (): Numbers =>
  new Map(JSON.parse(readStored(NUMBERS, 'tab') ?? '[]') as [string, number][])

/**
 * One proctor's console: the cases as the server tells them, what is chosen and open, the conversations, the live
 * rooms. After each connection all cases come again; what the proctor was doing stays as it was.
 */
export class Console {
  readonly me: Me['person']
  readonly chats: Chats
  readonly watching: Watching
  /** When the last still of each candidate came, where film does not [ROOM-02]. */
  readonly pictures = new Pictures()
  readonly voice: Voice
  readonly alarms = new Alarms()
  readonly drafts = new WindowDrafts()
  readonly layout = new Layout()
  readonly handovers: Handovers
  readonly leftWaiting = new LeftWaiting()

  /** Null until the server has said what there is. */
  #cases = $state.raw<Cases | null>(null)
  /** In which capacity the person works in each session. */
  #identity = $state.raw<ConsoleIdentity | null>(null)
  /** Who works on each session, and who of them is there. */
  #proctors = $state.raw<ReadonlyMap<string, readonly ProctorView[]>>(new Map())
  #numbers: Numbers = storedNumbers()
  #line: LiveLine<Events>
  #unfollow: () => void = () => {}
  readonly #time = async () => (await this.#line.send('supervision:clock', {})).now
  /** Counts the connections: what was read over an earlier one may be out of date. */
  connection = $state(0)
  /** The tile that keys act on. */
  chosen = $state<string | null>(null)
  /** The open candidate once the proctor has stayed with them; before that the one before, null for the wall. */
  settled = $state<string | null>(null)
  /** The action whose window is open. */
  asked = $state.raw<{ action: AskedAction; attempt: string } | null>(null)
  /** The attempt whose password is being entered. */
  unlocking = $state<string | null>(null)
  /** The attempt that is being taken. */
  taking = $state<string | null>(null)

  constructor(me: Me['person']) {
    this.me = me
    this.handovers = new Handovers(me.id)
    this.#line = openLine<Events, ConsoleMessages>({
      greeting: () => ({ kind: 'console' }),
      onconnected: () => {
        this.connection += 1
        for (const sending of this.chats.reconnected()) void tellRefusal(sending)
        // The clock asked before there was a line.
        this.#unfollow()
        this.#unfollow = clock.follow(this.#time)
      },
      onstate: (line) => line.kind === 'refused' && this.#forget(),
      on: {
        cases: (cases, identity) => {
          this.#tellSessionsLeft(identity)
          this.#identity = identity
          this.#take(allCame(this.#cases ?? new Map(), cases))
        },
        case: (one) => this.#take(oneCame(this.#cases ?? new Map(), one)),
        proctors: (session, proctors) => {
          this.#proctors = new Map(this.#proctors).set(session, proctors)
        },
        chat: (line) => this.chats.take(line),
        still: (news) => this.pictures.take(news),
      },
    })
    this.#unfollow = clock.follow(this.#time)
    this.chats = new Chats({
      send: (attempt, text, key) =>
        this.#line.send('chat:send', { attempt: attemptId.parse(attempt), text, key }),
      history: async (attempt) =>
        (await this.#line.send('chat:history', { attempt: attemptId.parse(attempt) })).lines,
      // Words for a colleague pass by here too; they are not ours to acknowledge.
      delivered: async (attempt, upTo) =>
        this.#answers(attempt)
          ? this.#line.send('chat:delivered', { attempt: attemptId.parse(attempt), upTo })
          : null,
      read: (attempt, upTo) => this.#line.send('chat:read', { attempt: attemptId.parse(attempt), upTo }),
    })
    this.watching = new Watching((attempt) => api.supervision.ticket({ attempt: attemptId.parse(attempt) }))
    this.voice = new Voice((attempt) => api.supervision.voice({ attempt: attemptId.parse(attempt) }))
  }

  get line(): LineState {
    return this.#line.state
  }

  /** Lead of at least one session: may look at the whole room. */
  get isLead(): boolean {
    return Object.values(this.#identity?.sessions ?? {}).includes('lead')
  }

  get loaded(): boolean {
    return this.#cases !== null
  }

  readonly #all = $derived.by(() => this.leftWaiting.marked(this.#cases ?? new Map()))
  readonly queue = $derived.by(() => inQueueOrder(at(this.#all, 'queue', this.me.id)))
  readonly ended = $derived.by(() => at(this.#all, 'ended', this.me.id).filter((one) => this.#concerns(one)))
  readonly expected = $derived.by(() => at(this.#all, 'expected', this.me.id))
  readonly desk = $derived.by(() => atTheDesk(this.expected))
  readonly colleagues = $derived.by(() => at(this.#all, 'colleague', this.me.id))
  readonly mine = $derived.by(() => at(this.#all, 'wall', this.me.id))
  /** Notices of the sessions this console works on, each once [ADM-05]. */
  readonly banners = $derived([
    ...new Set([...this.#all.values()].flatMap((one) => one.view.session.banner ?? [])),
  ])
  readonly wall = $derived.by(() => {
    const shown =
      this.isLead && this.layout.scope === 'everyone' ? [...this.mine, ...this.colleagues] : this.mine
    return (this.layout.order === 'urgency' ? byUrgency : byName)(shown, preferences.language)
  })
  /** Of others: whom something has lasted too long for, in the sessions this person leads [ATT-01]. */
  readonly escalated = $derived.by(() =>
    escalatedTo([...this.queue, ...this.colleagues], (one) => this.leads(one)),
  )
  /** Those of the proctor's own who press, and what is the lead's; the most pressing first. */
  readonly urgent = $derived.by(() =>
    byUrgency([...this.mine.filter(isUrgent), ...this.escalated], preferences.language),
  )
  /** At work and without a proctor: everybody's business until somebody takes them [SUP-02]. */
  readonly alone = $derived.by(() => this.queue.filter((one) => one.view.status !== 'waiting'))
  /** The same, and after them whoever of the proctor's own has written what is not read yet [SUP-05]. */
  readonly needing = $derived.by(() =>
    byUrgency(
      [...this.mine.filter((one) => isUrgent(one) || one.unread > 0), ...this.escalated],
      preferences.language,
    ),
  )
  /** Whom what is done to all can mean: one's own and whoever is left alone; of a lead all who are there, by name. */
  readonly everyone = $derived.by(() => {
    const here = [...this.colleagues, ...this.queue, ...this.expected.filter(({ connected }) => connected)]
    const others = here.filter((one) => this.leads(one) || this.alone.includes(one))
    return byName([...this.mine, ...others], preferences.language)
  })
  /** Came from a colleague, and what they said is not read yet. */
  readonly handed = $derived.by(() => this.mine.filter((one) => this.handovers.unread(one) !== null))
  readonly numbers = $derived.by(() => {
    // Nobody's number is given away before the server has said who is there.
    if (!this.loaded) return this.#numbers
    this.#numbers = renumbered(
      this.#numbers,
      this.wall.map((one) => one.view.attempt),
    )
    writeStored(NUMBERS, JSON.stringify([...this.#numbers]), 'tab')
    return this.#numbers
  })
  /** The case over the wall; null when none is open, or it is no longer ours to open. */
  readonly focused = $derived.by(() => {
    const one = this.#all.get(this.layout.focused ?? '')
    return one && this.mayOpen(one) ? one : null
  })

  /** Whoever presses most, or the one after the one that is open, those who have written last; null while there is nobody. */
  get next(): CaseView | null {
    const shown = byUrgency(this.wall.filter(isUrgent), preferences.language)
    return nextInNeed(this.needing, shown, this.focused?.view.attempt)
  }

  caseOf(attempt: string): CaseView | null {
    return this.#all.get(attempt) ?? null
  }

  /** Opens a candidate over the wall, the checklist only where it still matters; null goes back to the wall. */
  open(attempt: string | null, tab?: Tab): void {
    const { layout } = this
    // What is held to talk to one is never heard by the next.
    if (attempt !== layout.focused) this.voice.talk(false)
    const before = this.focused
    if (before && attempt !== layout.focused && this.settled === layout.focused)
      this.leftWaiting.leave(before)
    layout.focused = attempt
    if (attempt !== null) this.chosen = attempt
    const early = ['checking', 'unlocked'].includes(this.caseOf(attempt ?? '')?.view.status ?? '')
    if (tab) layout.tab = tab
    else if (early) layout.tab = 'checklist'
    else if (layout.tab === 'checklist') layout.tab = 'chat'
  }

  /**
   * What may be offered for a case: exactly what the domain allows, to whoever it allows it [SUP-06]. A colleague's
   * candidate is the lead's business only.
   */
  may(one: CaseView, action: SupervisionAction): boolean {
    const place = placeOf(one, this.me.id)
    const desk =
      (place === 'queue' && (action === 'take' || action === 'message')) ||
      (place === 'expected' && action === 'message')
    return (
      one.actions[this.#roleIn(one)].includes(action) && (desk || action === 'take' || this.#concerns(one))
    )
  }

  /** Whether this person is a lead in the case's session: looks at photos with a reason only [IDN-06]. */
  leads(one: CaseView): boolean {
    return this.#roleIn(one) === 'lead'
  }

  /** Whether the candidate may be opened over the wall: one's own, and a lead's whole session, its queue too. */
  mayOpen(one: CaseView): boolean {
    return this.#concerns(one) && (placeOf(one, this.me.id) !== 'queue' || this.leads(one))
  }

  /** As many candidates as the policy lets one proctor have [SUP-02]; a lead may always take one more. */
  isFull(one: CaseView): boolean {
    const { maximumCaseload } = one
    return maximumCaseload !== null && !this.leads(one) && this.mine.length >= maximumCaseload
  }

  mayTake(one: CaseView): boolean {
    return this.may(one, 'take') && !this.isFull(one) && this.line.kind === 'connected'
  }

  /** Takes somebody from the queue and opens them. */
  async take(one: CaseView): Promise<void> {
    this.taking = one.view.attempt
    if (await tell(() => this.act(one, 'supervision:take', {}))) this.open(one.view.attempt, 'checklist')
    this.taking = null
  }

  /** Sends an action on a case. Rejects with a `Problem`. */
  act<Name extends EventName>(
    one: CaseView,
    event: Name,
    said: Said<Name>,
  ): Promise<z.output<Events[Name]['answer']>> {
    return this.#line.send(event, { ...said, attempt: one.view.attempt } as z.input<Events[Name]['input']>)
  }

  /** Whether the candidate's room may be looked into: ours, and not over. A room that is over stays closed. */
  mayWatch(one: CaseView): boolean {
    const place = placeOf(one, this.me.id)
    return place === 'wall' || ((place === 'colleague' || place === 'queue') && this.leads(one))
  }

  /** « Saisir le mot de passe » is there, has its conditions, and can reach the server. */
  mayUnlock(one: CaseView): boolean {
    return this.may(one, 'unlock') && this.#canGoOn(one) && isComplete(one.checklist)
  }

  /** « Reprendre » is there, has its conditions, and can reach the server. */
  mayResume(one: CaseView): boolean {
    return this.may(one, 'resume') && this.#canGoOn(one)
  }

  /** Nobody goes on at another device before photo 2 is taken again [ROOM-05]. */
  #canGoOn(one: CaseView): boolean {
    return one.view.readmission !== 'photo' && this.line.kind === 'connected'
  }

  /** Enters the password, bound to the checklist as it is on screen now [SUP-04]. */
  async unlock(one: CaseView): Promise<void> {
    if (!this.mayUnlock(one) || !one.checklist) return
    this.unlocking = one.view.attempt
    const { version: checklistVersion } = one.checklist
    await tell(
      () => this.act(one, 'supervision:unlock', { checklistVersion }),
      m.supervision_unlocked({ name: one.view.candidate.name }),
    )
    this.unlocking = null
  }

  /** Everybody who works on a session, by name, as the server last said. */
  proctorsOf(session: string): readonly ProctorView[] {
    return this.#proctors.get(session) ?? []
  }

  /** The room a lead answers for: each proctor of their sessions with the candidates who need them now [SUP-02]. */
  readonly staff = $derived.by(() => {
    const needing = Map.groupBy([...this.mine, ...this.colleagues].filter(isUrgent), (one) => one.proctorId)
    const everybody = new Map(
      [...this.#proctors.values()].flat().map((proctor) => [proctor.person, proctor] as const),
    )
    return [...everybody.values()].map((proctor) => ({
      ...proctor,
      needing: needing.get(proctor.person)?.length ?? 0,
    }))
  })

  /** One action on many; the server does it for each and says who was refused [SUP-06]. */
  actOnMany(bulk: Bulk): Promise<z.output<Events['supervision:bulk']['answer']>> {
    return this.#line.send('supervision:bulk', bulk, BULK_PATIENCE)
  }

  close(): void {
    this.#unfollow()
    this.voice.close()
    this.leftWaiting.close()
    this.#line.close()
    this.watching.close()
  }

  #roleIn(one: CaseView): 'proctor' | 'lead' {
    return this.#identity?.sessions[one.session] ?? 'proctor'
  }

  /** Whose words are for this console: its own candidates, and those at the desk [IDN-08]. */
  #answers(attempt: string): boolean {
    const one = this.caseOf(attempt)
    return one !== null && ['wall', 'queue', 'expected'].includes(placeOf(one, this.me.id))
  }

  /** A proctor's own candidates, and all of a lead's sessions. */
  #concerns(one: CaseView): boolean {
    return one.proctorId === this.me.id || this.#roleIn(one) === 'lead'
  }

  /** Whoever is taken off one session of several reads why its candidates are gone. */
  #tellSessionsLeft({ sessions }: ConsoleIdentity): void {
    const left = Object.keys(this.#identity?.sessions ?? {}).filter((session) => !(session in sessions))
    for (const session of left) {
      const one = [...this.#all.values()].find((known) => known.session === session)
      if (one) toasts.say(m.supervision_session_left({ session: one.view.session.name }), { tone: 'warn' })
    }
  }

  /** The server lets this console in no more: nothing of a candidate stays on a screen that may no longer show it. */
  #forget(): void {
    this.asked = null
    this.chosen = null
    this.alarms.said = ''
    this.voice.close()
    this.watching.close()
    for (const attempt of this.#all.keys()) {
      this.chats.left(attempt)
      this.pictures.leave(attempt)
    }
    this.#cases = new Map()
    this.#proctors = new Map()
    this.#identity = null
  }

  #take(cases: Cases): void {
    this.#cases = cases
    for (const one of cases.values()) {
      const { attempt } = one.view
      if (!this.mayWatch(one)) this.watching.leave(attempt)
      if (!this.#answers(attempt) && !this.#concerns(one)) this.chats.left(attempt)
    }
  }
}

/** The console of the page, for every component under it. */
export const [theConsole, provideConsole] = createContext<Console>()
