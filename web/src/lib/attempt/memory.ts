import type { CandidatePaper } from '@vigie/contract/attempt/paper'
import type { AttemptView } from '@vigie/contract/attempt/view'
import { browserProfile, type AttemptId, type BrowserProfile } from '@vigie/exam-engine/attempt/ids'
import { openShelf, type Shelf } from '#lib/platform/store.ts'
import type { KeptDraft } from './draft.ts'

/** What entry gave this browser: the attempt's own credential, and the lease it was given with [IDN-09]. */
export interface KeptEntry {
  readonly credential: string
  readonly lease: number
}

/** Questions to come back to, and the one on screen: this browser's own, the server has no use for them [ATT-11]. */
export interface KeptPlace {
  readonly marked: readonly string[]
  readonly question: string | null
}

/** Where this browser keeps them, each under `<attempt>:`. */
export const ATTEMPT_SHELF = 'attempt'
const PROFILE = 'profile'

/** Says that a page is in the attempt: it alone may change what is kept of it. */
export const lockOfAttempt = (attempt: string): string => `vigie.attempt.${attempt}`

/**
 * What this browser keeps of one attempt, so that its page opens again without a network [ROOM-04]: the credential, the
 * last view, the paper, the answers. Only this module wrote it, so what is read is what was written.
 */
export class AttemptMemory {
  readonly #shelf: Shelf
  readonly #attempt: AttemptId

  private constructor(shelf: Shelf, attempt: AttemptId) {
    this.#shelf = shelf
    this.#attempt = attempt
  }

  static async open(attempt: AttemptId): Promise<AttemptMemory> {
    return new AttemptMemory(await openShelf(ATTEMPT_SHELF), attempt)
  }

  /** False when answers last only as long as the page: the browser refuses to store. */
  get durable(): boolean {
    return this.#shelf.durable
  }

  /** The opaque name of this browser profile; made at the first need [ROOM-05]. */
  async profile(): Promise<BrowserProfile> {
    const kept = await this.#shelf.read(PROFILE)
    if (browserProfile.is(kept)) return kept
    const made = browserProfile.parse(crypto.randomUUID())
    await this.#shelf.write(PROFILE, made)
    return made
  }

  entry = () => this.#read<KeptEntry>('entry')
  keepEntry = (entry: KeptEntry) => this.#write('entry', entry)
  view = () => this.#read<AttemptView>('view')
  keepView = (view: AttemptView) => this.#write('view', view)
  paper = () => this.#read<CandidatePaper>('paper')
  keepPaper = (paper: CandidatePaper) => this.#write('paper', paper)
  draft = () => this.#read<KeptDraft>('draft')
  keepDraft = (draft: KeptDraft) => this.#write('draft', draft)
  place = () => this.#read<KeptPlace>('place')
  keepPlace = (place: KeptPlace) => this.#write('place', place)

  /** The exam is sealed: the server has everything, and questions and answers leave this computer [RET-01]. */
  async forgetSitting(): Promise<void> {
    for (const name of ['paper', 'draft', 'place']) await this.#shelf.remove(this.#key(name))
  }

  /** Everything of this attempt leaves this computer: it was a rehearsal [CHK-13.5]. */
  async forgetAll(): Promise<void> {
    for (const name of await this.#shelf.keys(this.#key(''))) await this.#shelf.remove(name)
  }

  #key(name: string): string {
    return `${this.#attempt}:${name}`
  }

  async #read<Value>(name: string): Promise<Value | null> {
    return ((await this.#shelf.read(this.#key(name))) ?? null) as Value | null
  }

  #write(name: string, value: unknown): Promise<void> {
    return this.#shelf.write(this.#key(name), value)
  }
}
