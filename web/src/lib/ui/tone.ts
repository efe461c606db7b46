import CircleCheck from '@lucide/svelte/icons/circle-check'
import CircleDot from '@lucide/svelte/icons/circle-dot'
import CircleX from '@lucide/svelte/icons/circle-x'
import Info from '@lucide/svelte/icons/info'
import TriangleAlert from '@lucide/svelte/icons/triangle-alert'
import type { Icon } from './icon.ts'

/** What a state means to the person. Always shown as word + icon + colour. */
export const tones = ['neutral', 'brand', 'good', 'warn', 'bad'] as const
export type Tone = (typeof tones)[number]

/** The icon of a tone, where the state has none of its own. */
export const toneIcon: Record<Tone, Icon> = {
  neutral: CircleDot,
  brand: Info,
  good: CircleCheck,
  warn: TriangleAlert,
  bad: CircleX,
}

/** Sets `--tone`, which `tinted` and `text-(--tone)` read. */
export const toneClass: Record<Tone, string> = {
  neutral: 'tone-neutral',
  brand: 'tone-brand',
  good: 'tone-good',
  warn: 'tone-warn',
  bad: 'tone-bad',
}
