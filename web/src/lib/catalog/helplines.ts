export interface Helpline {
  readonly label: string
  readonly number: string
}

/** « France : 08 00 90 27 92 », one per line, as people type them. */
export const helplinesAsText = (lines: readonly Helpline[]): string =>
  lines.map(({ label, number }) => `${label} : ${number}`).join('\n')

/** The lines that were typed, or the number (from 1) of the first that has no colon with words on both sides. */
export function parseHelplines(text: string): { lines: Helpline[] } | { wrong: number } {
  const lines: Helpline[] = []
  for (const [index, typed] of text.split('\n').entries()) {
    if (typed.trim() === '') continue
    const [label = '', ...rest] = typed.split(':')
    const number = rest.join(':').trim()
    if (label.trim() === '' || number === '') return { wrong: index + 1 }
    lines.push({ label: label.trim(), number })
  }
  return { lines }
}
