import type { RosterReport } from '@vigie/contract/catalog/session'
import { CsvError, parse } from 'csv-parse/sync'
import { Refused } from '../platform/refused.ts'

type Encoding = RosterReport['encoding']
export type Delimiter = RosterReport['delimiter']

const SIGN: Record<Delimiter, string> = { ',': ',', ';': ';', tab: '\t' }

/**
 * The text of a file that somebody exported: UTF-8 with or without its mark, UTF-16 as « texte Unicode » of Excel has
 * it, else Windows-1252, which any bytes are. A file with zero bytes is no text: `file-unreadable`.
 */
export function decodeText(bytes: Uint8Array): { readonly text: string; readonly encoding: Encoding } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'utf-16le' }
  if (bytes.includes(0)) throw new Refused('file-unreadable', { reason: 'not-text' })
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' }
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' }
  }
}

/** The sign that cuts the first line into most cells; what stands between quotes does not count. */
function delimiterOf(text: string): Delimiter {
  const head = (/^[^\n\r]*/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '')
  const counted = (Object.keys(SIGN) as Delimiter[]).map((delimiter) => ({
    delimiter,
    count: head.split(SIGN[delimiter]).length,
  }))
  return counted.reduce((best, one) => (one.count > best.count ? one : best)).delimiter
}

export interface CsvFile {
  readonly encoding: Encoding
  readonly delimiter: Delimiter
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[]
}

/** Rows of a CSV file with the line each begins on; empty lines are left out. Refused `file-unreadable`, with the line. */
export function readCsv(bytes: Uint8Array): CsvFile {
  const { text: written, encoding } = decodeText(bytes)
  // Inside quotes csv-parse counts one break of Windows as two lines.
  const text = written.replace(/\r\n?/g, '\n')
  // TextDecoder takes away the mark of UTF-8 and of UTF-16.
  const delimiter = delimiterOf(text)
  try {
    const records = parse(text, {
      delimiter: SIGN[delimiter],
      relax_column_count: true,
      skip_empty_lines: true,
      info: true,
      max_record_size: 100_000,
    }) as unknown as { info: { lines: number }; record: string[] }[]
    return {
      encoding,
      delimiter,
      rows: records
        .map(({ info, record }) => ({ line: info.lines - breaksIn(record), cells: record }))
        .filter(({ cells }) => cells.some((cell) => cell.trim() !== '')),
    }
  } catch (error) {
    if (error instanceof CsvError)
      throw new Refused('file-unreadable', { reason: 'csv', line: Number(error['lines'] ?? 0) })
    throw error
  }
}

/** csv-parse tells where a record ends; one with line breaks inside its cells began earlier. */
const breaksIn = (record: readonly string[]): number =>
  record.reduce((count, cell) => count + (cell.match(/\n/g)?.length ?? 0), 0)
