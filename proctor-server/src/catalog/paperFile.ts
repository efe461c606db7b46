import type { ImportFormat } from '@vigie/contract/catalog/paper'
import { readGift } from '@vigie/exam-engine/catalog/import/gift'
import { readJsonPaper } from '@vigie/exam-engine/catalog/import/json'
import { readMoodle, type EmbeddedPicture } from '@vigie/exam-engine/catalog/import/moodle'
import type { ReadFile } from '@vigie/exam-engine/catalog/import/reading'
import { readTablePaper } from '@vigie/exam-engine/catalog/import/table'
import { decodeText, readCsv } from './csvFile.ts'
import { readXml } from './xmlFile.ts'

/** Reads a paper in one of the formats of docs/papers.md. Throws `file-unreadable` for bytes that are not one at all. */
export function readPaperFile(
  format: ImportFormat,
  bytes: Uint8Array,
): { readonly file: ReadFile; readonly pictures: readonly EmbeddedPicture[] } {
  switch (format) {
    case 'json':
      return { file: readJsonPaper(decodeText(bytes).text), pictures: [] }
    case 'csv':
      return { file: readTablePaper(readCsv(bytes).rows), pictures: [] }
    case 'gift':
      return { file: readGift(decodeText(bytes).text), pictures: [] }
    case 'moodle-xml': {
      const { pictures, ...file } = readMoodle(readXml(decodeText(bytes).text))
      return { file, pictures }
    }
  }
}
