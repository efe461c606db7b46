import type { ResultLine } from '@vigie/contract/attempt/results'
import type { ResultState } from '@vigie/exam-engine/review/result'
import CalendarClock from '@lucide/svelte/icons/calendar-clock'
import Calculator from '@lucide/svelte/icons/calculator'
import CircleCheckBig from '@lucide/svelte/icons/circle-check-big'
import CircleX from '@lucide/svelte/icons/circle-x'
import Minus from '@lucide/svelte/icons/minus'
import Scale from '@lucide/svelte/icons/scale'
import Send from '@lucide/svelte/icons/send'
import { m } from '#lib/paraglide/messages.js'
import type { Shown } from '#lib/supervision/words.ts'

/** How far a result is, as it is shown. */
export const RESULT: Readonly<Record<ResultState, Shown>> = {
  unfinished: { word: m.catalog_result_unfinished, icon: CalendarClock, tone: 'neutral' },
  marking: { word: m.catalog_result_marking, icon: Calculator, tone: 'neutral' },
  verdict: { word: m.catalog_result_verdict, icon: Scale, tone: 'warn' },
  invalid: { word: m.catalog_result_invalid, icon: CircleX, tone: 'bad' },
  ready: { word: m.catalog_result_ready, icon: Send, tone: 'brand' },
  published: { word: m.catalog_result_published, icon: CircleCheckBig, tone: 'good' },
  none: { word: m.catalog_result_none, icon: Minus, tone: 'neutral' },
}

/** Why a verdict is awaited, or null where the state says it all. */
export const whyAwaited = ({ state, closedBy }: Pick<ResultLine, 'state' | 'closedBy'>): string | null => {
  if (state !== 'verdict') return null
  if (closedBy === 'terminated') return m.catalog_result_verdict_terminated()
  if (closedBy === 'technical') return m.catalog_result_verdict_technical()
  return m.catalog_result_verdict_under_way()
}
