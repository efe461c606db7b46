/** How a table is ordered: by which column, which way. */
export interface Order {
  readonly column: string
  readonly descending: boolean
}

/** A click on a column's heading: a new column starts ascending, the same one turns round. */
export const turned = (order: Order | null, column: string): Order => ({
  column,
  descending: order?.column === column ? !order.descending : false,
})

/**
 * Rows in order of what `value` gives; empty values last whichever way, equal ones as they stood.
 * Texts compare as people of the language expect: « é » beside « e », 2 before 10.
 */
export function ordered<Row>(
  rows: readonly Row[],
  value: (row: Row) => string | number | null,
  descending: boolean,
  language: string,
): Row[] {
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: 'base' })
  const sign = descending ? -1 : 1
  return rows
    .map((row) => ({ row, value: value(row) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null)
      if (typeof a.value === 'number' && typeof b.value === 'number') return sign * (a.value - b.value)
      return sign * collator.compare(String(a.value), String(b.value))
    })
    .map(({ row }) => row)
}
