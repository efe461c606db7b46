import type { CaseView } from '@vigie/contract/supervision/view'
import { m } from '#lib/paraglide/messages.js'
import { preferences } from '#lib/platform/preferences.svelte.ts'
import { inWords } from '#lib/ui/duration.ts'

/** What was declared before the day and is applied [ATT-10], in one line; empty where there is nothing. */
export function accommodationWords(granted: CaseView['accommodation']): string {
  if (!granted) return ''
  const { language } = preferences
  const parts = [
    granted.multiplier > 1 &&
      m.supervision_accommodation_time({ factor: granted.multiplier.toLocaleString(language) }),
    granted.extraSeconds > 0 &&
      m.supervision_accommodation_extra({ duration: inWords(granted.extraSeconds * 1_000, language) }),
    granted.breakSeconds > 0 &&
      m.supervision_accommodation_breaks({ duration: inWords(granted.breakSeconds * 1_000, language) }),
    granted.reader && m.supervision_accommodation_reader(),
    granted.secondPerson && m.supervision_accommodation_second_person(),
    granted.largerText && m.supervision_accommodation_larger_text(),
  ].filter((part) => part !== false)
  return parts.length > 0 ? m.supervision_accommodation({ text: parts.join(', ') }) : ''
}
