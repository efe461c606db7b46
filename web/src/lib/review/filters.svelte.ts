import type { CaseFilter, CaseLine } from '@vigie/contract/review/api'
import { api } from '#lib/platform/http.ts'
import { elapsed } from '#lib/platform/localTime.ts'

type Choices<Filter> = { -readonly [Name in keyof Filter]-?: NonNullable<Filter[Name]> | 'all' }
type Narrowed = Choices<Omit<CaseFilter, 'search'>>

const EVERYTHING: Narrowed = {
  session: 'all',
  status: 'all',
  review: 'all',
  proctor: 'all',
  assigned: 'all',
  flagged: 'all',
}

/** Typing is waited for this long before the list is read, in milliseconds. */
const PAUSE = 250

/** The reviewer's list and what it is narrowed by [REV-01]. The server filters; the last question asked counts. */
export class CaseList {
  filter = $state<Narrowed>({ ...EVERYTHING })
  search = $state('')
  cases = $state.raw<readonly CaseLine[] | null>(null)
  sessions = $state.raw<readonly { id: string; name: string }[]>([])
  proctors = $state.raw<readonly { id: string; name: string }[]>([])
  /** There are more than are shown. */
  more = $state(false)
  readAt = $state(0)
  problem = $state.raw<unknown>(null)
  #asked = 0
  #searched = ''

  get narrowed(): boolean {
    return this.search.trim() !== '' || Object.values(this.filter).some((value) => value !== 'all')
  }

  clear(): void {
    this.filter = { ...EVERYTHING }
    this.search = ''
  }

  async read(): Promise<void> {
    const asked = (this.#asked = elapsed())
    const wanted = Object.fromEntries(Object.entries(this.filter).filter(([, value]) => value !== 'all'))
    const search = this.search.trim()
    this.#searched = search
    try {
      const answer = await api.review.list({ ...wanted, ...(search ? { search } : {}) } as CaseFilter)
      if (asked !== this.#asked) return
      this.problem = null
      this.cases = answer.cases
      this.more = answer.more
      this.sessions = answer.sessions
      this.proctors = answer.proctors
      this.readAt = answer.now
    } catch (error) {
      if (asked === this.#asked) this.problem = error
    }
  }

  /** Reads now, and again whenever what the list is narrowed by changes: an effect of the page. */
  follow(): () => void {
    void Object.values(this.filter)
    const typing = this.search.trim() !== this.#searched
    const timer = setTimeout(() => void this.read(), typing ? PAUSE : 0)
    return () => clearTimeout(timer)
  }
}
