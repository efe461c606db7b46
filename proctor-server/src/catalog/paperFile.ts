import type { ImportFormat } from '@vigie/contract/catalog/paper'
import { readGift } from '@vigie/exam-engine/catalog/import/gift'
import { readJsonPaper } from '@vigie/exam-engine/catalog/import/json'
import { readMoodle, type EmbeddedPicture } from '@vigie/exam-engine/catalog/import/moodle'
import { bounded, finding, type ReadFile } from '@vigie/exam-engine/catalog/import/reading'
import { readTablePaper } from '@vigie/exam-engine/catalog/import/table'
import { decodeText, readCsv } from './csvFile.ts'
import { pictureType } from './pictures.ts'
import { linesOf, readXml } from './xmlFile.ts'

/** A question whose picture cannot be kept is left out and says so: without it nobody could answer. */
function withSoundPictures(file: ReadFile, pictures: readonly EmbeddedPicture[]): ReadFile {
  const unsound = new Set(
    pictures
      .filter(({ base64 }) => pictureType(Buffer.from(base64, 'base64')) === null)
      .map(({ question }) => question),
  )
  if (unsound.size === 0) return file
  const items = file.items.map((item, index) =>
    unsound.has(index + 1) ? { ...item, faults: [...item.faults, finding('picture-unsound')] } : item,
  )
  return { ...file, items }
}

/** Reads a paper in one of the formats of docs/papers.md. Throws `file-unreadable` for bytes that are not one at all. */
export function readPaperFile(
  format: ImportFormat,
  bytes: Uint8Array,
): { readonly file: ReadFile; readonly pictures: readonly EmbeddedPicture[] } {
  switch (format) {
    case 'json':
      return { file: bounded(readJsonPaper(decodeText(bytes).text)), pictures: [] }
    case 'csv':
      return { file: bounded(readTablePaper(readCsv(bytes).rows)), pictures: [] }
    case 'gift':
      return { file: bounded(readGift(decodeText(bytes).text)), pictures: [] }
    case 'moodle-xml': {
      const { text } = decodeText(bytes)
      const { pictures, ...file } = bounded(readMoodle(readXml(text), linesOf('question', text)))
      return { file: withSoundPictures(file, pictures), pictures }
    }
  }
}
