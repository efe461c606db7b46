import type { OwnRehearsals, Rehearsal } from '@vigie/contract/checks/rehearsal'
import { AttemptMemory } from '#lib/attempt/memory.ts'
import { forgetRecording } from '#lib/evidence/forget.ts'
import { api } from '#lib/platform/http.ts'

/** Erases what this browser kept of a rehearsal, as the server erased its own [CHK-13.5]. */
export async function forgetHere(rehearsal: Rehearsal['id']): Promise<void> {
  await (await AttemptMemory.open(rehearsal)).forgetAll()
  await forgetRecording(rehearsal)
}

/** The signed-in candidate's rehearsals. Nothing else of a page depends on them: what cannot be read is not shown. */
export class Rehearsals {
  /** Null until the server has answered once. */
  own = $state.raw<OwnRehearsals | null>(null)

  async read(): Promise<void> {
    this.own = await api.checks.rehearsals().catch(() => this.own)
    // A page that was closed in mid-rehearsal left its part here.
    for (const { id, ended } of this.own?.rehearsals ?? []) if (ended) await forgetHere(id)
  }

  /** The one under way; there is one at most. */
  get open(): Rehearsal | null {
    return this.own?.rehearsals.find(({ ended }) => ended === null) ?? null
  }

  /** What to show for a certification: the last that went well, else the last of all. */
  lastOf(certification: string): Rehearsal | null {
    const own = (this.own?.rehearsals ?? []).filter(
      (one) => one.ended !== null && one.certification.id === certification,
    )
    return own.find(({ ended }) => ended?.passed) ?? own[0] ?? null
  }
}
