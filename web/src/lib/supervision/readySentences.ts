import type { CaseView } from '@vigie/contract/supervision/view'
import { m } from '#lib/paraglide/messages.js'

/** Sentences a proctor says to every candidate [SUP-05], in the order in which a checking goes; by state. */
export function readySentences({ view }: CaseView, proctor: string): string[] {
  const checking = [
    m.supervision_ready_greet({ name: view.candidate.name, proctor: proctor.split(' ')[0] ?? proctor }),
    m.supervision_ready_document(),
    m.supervision_ready_face(),
    m.supervision_ready_programs(),
    m.supervision_ready_room(),
    m.supervision_ready_edges(),
    m.supervision_ready_devices(),
  ]
  const always = [m.supervision_ready_moment(), m.supervision_ready_visible(), m.supervision_ready_sound()]
  switch (view.status) {
    case 'unlocked':
      return [m.supervision_ready_password(), ...always]
    case 'running':
    case 'held':
      return [
        ...always,
        m.supervision_ready_room(),
        m.supervision_ready_devices(),
        m.supervision_ready_face(),
      ]
    default:
      return [...checking, ...always]
  }
}
