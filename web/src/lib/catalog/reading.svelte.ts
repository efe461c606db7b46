import { toProblem, type Problem } from '#lib/platform/problem.ts'

/** Something read from the server once and again: what it is, or why it is not here. */
export class Reading<Value> {
  /** Null until the server has answered once. */
  value = $state.raw<Value | null>(null)
  problem = $state.raw<Problem | null>(null)
  #read: () => Promise<Value>
  #turn = 0

  constructor(read: () => Promise<Value>) {
    this.#read = read
  }

  /** Reads; on failure what is shown stays, with the problem beside it. The newest question wins. */
  async read(): Promise<void> {
    const turn = ++this.#turn
    try {
      const value = await this.#read()
      if (turn !== this.#turn) return
      this.value = value
      this.problem = null
    } catch (error) {
      if (turn === this.#turn) this.problem = toProblem(error)
    }
  }
}
