/** What a key asks of the console [SUP-08]. Space talks while it is held: `talkingKey`. */
export type KeyCommand =
  { readonly does: 'choose'; readonly figure: number } | { readonly does: Lettered | 'back' | 'help' }

/**
 * `next`: whoever needs the proctor most, then the one after. `take`: whoever waits longest. `hold`: suspends or goes on.
 * `agree`: to the end that was asked for.
 */
type Lettered = 'focus' | 'next' | 'take' | 'message' | 'note' | 'flag' | 'hold' | 'agree' | 'unlock'

/** As much of a KeyboardEvent as decides. */
export interface Pressed {
  readonly key: string
  readonly altKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly repeat: boolean
  readonly defaultPrevented: boolean
}

const letters: Readonly<Record<string, Lettered>> = {
  f: 'focus',
  s: 'next',
  t: 'take',
  m: 'message',
  n: 'note',
  g: 'flag',
  h: 'hold',
  a: 'agree',
  u: 'unlock',
}

/** Fields that take letters, and windows that have their own keys: there the console's keys are silent. */
export const SILENT_IN =
  'input:not([type=checkbox],[type=radio],[type=range],[type=button]), textarea, select, [contenteditable], dialog, [role=alertdialog]'

/**
 * The command of a key, or null. `silent`: the key was pressed inside a field or a window (`SILENT_IN`). With `on`
 * false only Escape is left: one-letter keys can be switched off (WCAG 2.1.4).
 */
export function commandOf(
  pressed: Pressed,
  { silent, on }: { silent: boolean; on: boolean },
): KeyCommand | null {
  if (pressed.defaultPrevented || pressed.repeat) return null
  if (pressed.altKey || pressed.ctrlKey || pressed.metaKey || silent) return null
  if (pressed.key === 'Escape') return { does: 'back' }
  if (!on) return null
  if (pressed.key === '?') return { does: 'help' }
  if (/^[0-9]$/.test(pressed.key)) return { does: 'choose', figure: Number(pressed.key) }
  const does = letters[pressed.key.toLowerCase()]
  return does ? { does } : null
}

/** What holds Space for itself: buttons, links, boxes and whatever takes letters. */
const SPACE_IS_THEIRS = 'button, a[href], summary, input, label, [role=tab], [role=radio], [tabindex="0"]'

/**
 * Whether a key is the one that talks: Space, where nothing under the focus wants it. It works with one-letter keys
 * switched off too, and is never a letter.
 */
export const isTalkingKey = (
  pressed: Pick<Pressed, 'key'>,
  focused: Element | null,
  silent: boolean,
): boolean => pressed.key === ' ' && !silent && !focused?.closest(SPACE_IS_THEIRS)
