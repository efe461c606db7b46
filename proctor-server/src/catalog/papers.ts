import type { ImportFormat, ImportReport, PaperDraft } from '@vigie/contract/catalog/paper'
import { paperId, type PaperId } from '@vigie/exam-engine/attempt/ids'
import { assemble } from '@vigie/exam-engine/catalog/import/reading'
import { paperFaults } from '@vigie/exam-engine/catalog/paperFaults'
import type { Paper } from '@vigie/exam-engine/catalog/paper'
import type { Person } from '../accounts/actor.ts'
import { audit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Tx } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import { sha256 } from '../platform/keys.ts'
import { Refused } from '../platform/refused.ts'
import { readPaperFile } from './paperFile.ts'
import { insertPaper, isExpected, lockPaperRow, updatePaper } from './paperStore.ts'
import { addPicture } from './pictures.ts'

export interface PaperDeps {
  readonly db: Database
  readonly clock: Clock
}

async function mustExist(tx: Tx, certification: string): Promise<void> {
  const known = await tx
    .selectFrom('certification')
    .select('id')
    .where('id', '=', certification)
    .executeTakeFirst()
  if (!known) throw new Refused('not-found')
}

/** [ADM-03] A new paper. It may be unfinished: its faults are told, and keep it out of sessions. */
export async function createPaper(
  { db, clock }: PaperDeps,
  by: Person,
  certification: string,
  content: PaperDraft,
): Promise<PaperId> {
  const now = clock.now()
  const id = paperId.parse(uuidv7(now))
  await db.transaction().execute(async (tx) => {
    await mustExist(tx, certification)
    await insertPaper(tx, certification, { id, ...content }, now)
    await audit(tx, clock, {
      actor: by,
      action: 'catalog.paper.create',
      detail: { paper: id, certification },
    })
  })
  return id
}

/**
 * [ADM-03] Saves a paper, unless an attempt has started on it or another save came between. One that a session to come is
 * to ask is saved without faults only: nobody could sit it.
 */
export async function savePaper(
  { db, clock }: PaperDeps,
  by: Person,
  id: PaperId,
  version: number,
  content: PaperDraft,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = await lockPaperRow(tx, id)
    if (!row) throw new Refused('not-found')
    if (row.locked) throw new Refused('paper-locked')
    if (row.version !== version) throw new Refused('paper-changed')
    const faults = paperFaults({ id, ...content })
    if (faults.length > 0 && (await isExpected(tx, id, clock.now())))
      throw new Refused('paper-in-session', { faults: faults.slice(0, 20) })
    await updatePaper(tx, { id, ...content }, version + 1, clock.now())
    await audit(tx, clock, {
      actor: by,
      action: 'catalog.paper.save',
      detail: { paper: id, version: version + 1, digest: sha256(JSON.stringify(content)) },
    })
  })
}

/** A paper of its own with the same questions: how a locked one is corrected. Pictures are addressed, not copied. */
export async function copyPaper(deps: PaperDeps, by: Person, id: PaperId, title: string): Promise<PaperId> {
  const now = deps.clock.now()
  const copy = paperId.parse(uuidv7(now))
  await deps.db.transaction().execute(async (tx) => {
    const row = await lockPaperRow(tx, id)
    if (!row) throw new Refused('not-found')
    await insertPaper(tx, row.certification_id, { ...row.content, id: copy, title }, now)
    await audit(tx, deps.clock, { actor: by, action: 'catalog.paper.copy', detail: { paper: copy, of: id } })
  })
  return copy
}

/** [ADM-03] What a file holds, question by question, before anything is written. */
export function checkPaperFile(format: ImportFormat, bytes: Uint8Array): ImportReport {
  const { file, pictures } = readPaperFile(format, bytes)
  const { paper, lines } = assemble(file, paperId.parse(uuidv7(0)))
  return {
    digest: sha256(bytes),
    fileFaults: [...file.fileFaults],
    lines: lines.map((line) => ({
      ...line,
      question: line.question as ImportReport['lines'][number]['question'],
      faults: [...line.faults],
      remarks: [...line.remarks],
    })),
    paper: paper && draftOf(paper),
    pictures: pictures.length,
  }
}

const draftOf = ({ id: _id, ...content }: Paper): PaperDraft => {
  const draft = structuredClone(content) as PaperDraft
  return { ...draft, title: draft.title || '–' }
}

/**
 * [ADM-03] Writes the paper that a checked file makes: the questions the report calls readable, with the pictures that
 * came inside. What the report left out is left out.
 */
export async function importPaper(
  deps: PaperDeps,
  by: Person,
  wish: {
    readonly certification: string
    readonly format: ImportFormat
    readonly bytes: Uint8Array
    readonly digest: string
    readonly title: string
  },
): Promise<PaperId> {
  if (sha256(wish.bytes) !== wish.digest) throw new Refused('file-changed')
  const now = deps.clock.now()
  const id = paperId.parse(uuidv7(now))
  const { file, pictures } = readPaperFile(wish.format, wish.bytes)
  const { paper } = assemble(file, id)
  if (!paper) throw new Refused('import-empty')
  await deps.db.transaction().execute(async (tx) => {
    await mustExist(tx, wish.certification)
    await insertPaper(tx, wish.certification, { ...paper, title: wish.title }, now)
    const addresses = new Map<string, string>()
    const asked = JSON.stringify(paper)
    // Those of questions that were left out stay out with them.
    for (const { name, base64 } of pictures.filter((one) => asked.includes(`picture:${one.name})`)))
      addresses.set(`picture:${name}`, await addPicture(tx, id, Buffer.from(base64, 'base64'), now))
    await updatePaper(tx, withAddresses({ ...paper, title: wish.title }, addresses), 1, now)
    await audit(tx, deps.clock, {
      actor: by,
      action: 'catalog.paper.import',
      detail: { paper: id, certification: wish.certification, format: wish.format, file: wish.digest },
    })
  })
  return id
}

/** Every text of the paper with the addresses under which its pictures are now kept. */
function withAddresses(paper: Paper, addresses: ReadonlyMap<string, string>): Paper {
  const placed = (text: string): string =>
    text.replace(/picture:\d+-\d+/g, (name) => addresses.get(name) ?? name)
  return {
    ...paper,
    parts: paper.parts.map((part) => ({
      ...part,
      questions: part.questions.map((question) => ({
        ...question,
        text: placed(question.text),
        ...('choices' in question
          ? { choices: question.choices.map((choice) => ({ ...choice, text: placed(choice.text) })) }
          : {}),
      })),
    })),
  }
}
