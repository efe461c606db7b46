import { Refused } from './refused.ts'

/** Does for many what they ask for one by one: an outcome for each, in their order. */
export type Together<Item, Outcome> = (items: readonly Item[]) => Promise<readonly (Outcome | Refused)[]>

interface Asked<Item, Outcome> {
  readonly item: Item
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: unknown) => void
}

/** The same for one alone. */
export const alone =
  <Item, Outcome>(together: Together<Item, Outcome>) =>
  async (item: Item): Promise<Outcome> => {
    const [outcome] = await together([item])
    if (outcome instanceof Refused) throw outcome
    return outcome as Outcome
  }

/**
 * Batches of at most `most`: one is under way at a time, what is asked meanwhile is the next one, which begins no sooner
 * than `apart` milliseconds after the one before. Who asks alone waits for nobody; where hundreds ask in a second,
 * something that is not urgent costs the database a few statements instead of a few for each. A batch that fails as a
 * whole is tried one by one, so one bad item never costs another its outcome.
 */
export function createBatches<Item, Outcome>(
  together: Together<Item, Outcome>,
  { apart, most }: { readonly apart: number; readonly most: number },
): (item: Item) => Promise<Outcome> {
  let queue: Asked<Item, Outcome>[] = []
  let busy = false

  async function run(batch: readonly Asked<Item, Outcome>[]): Promise<void> {
    const outcomes = await together(batch.map(({ item }) => item))
    outcomes.forEach((outcome, index) => {
      const { resolve, reject } = batch[index]!
      if (outcome instanceof Refused) reject(outcome)
      else resolve(outcome)
    })
  }

  async function drain(): Promise<void> {
    busy = true
    while (queue.length > 0) {
      const begun = performance.now()
      const batch = queue.slice(0, most)
      queue = queue.slice(most)
      try {
        await run(batch)
      } catch (error) {
        if (batch.length === 1) batch[0]!.reject(error)
        else for (const one of batch) await run([one]).catch(one.reject)
      }
      const left = apart - (performance.now() - begun)
      if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
    }
    busy = false
  }

  return (item) =>
    new Promise<Outcome>((resolve, reject) => {
      queue.push({ item, resolve, reject })
      if (!busy) void drain()
    })
}
