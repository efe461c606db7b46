import type { ResultLine } from '@vigie/contract/attempt/results'

/** A cell that a spreadsheet takes as text, whatever it begins with: a name must never become a formula. */
const cell = (value: string | number): string => {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * Results as a CSV file that the spreadsheets of this country open as they are: UTF-8 with its mark, semicolons, CRLF.
 * `heading` names the five columns; `state` and `number` draw a state and a figure in the reader's language.
 */
export function resultsFile(
  results: readonly ResultLine[],
  heading: readonly string[],
  { state, number }: { state: (one: ResultLine) => string; number: (value: number) => string },
): string {
  const rows = results.map((one) => [
    one.name,
    one.email,
    state(one),
    one.score ? number(one.score.points) : '',
    one.score ? number(one.score.maximum) : '',
  ])
  return `\uFEFF${[heading, ...rows].map((row) => row.map(cell).join(';')).join('\r\n')}\r\n`
}
