/** A number as people in France or elsewhere type it: « 1 234,5 », « -3.2 », « 6e23 »; null when it is none [ATT-03]. */
export function readNumber(text: string): number | null {
  const compact = text.normalize('NFKC').replace(/\s/g, '').replace('−', '-').replace(',', '.')
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(compact) ? Number(compact) : null
}
