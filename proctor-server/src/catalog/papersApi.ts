import { implement } from '@orpc/server'
import { papersApi } from '@vigie/contract/catalog/papers'
import { orderSeed, type PaperId } from '@vigie/exam-engine/attempt/ids'
import { candidatePaper } from '@vigie/exam-engine/catalog/candidatePaper'
import { personOf } from '../accounts/actor.ts'
import type { RequestContext } from '../platform/command.ts'
import type { JobQueue } from '../platform/jobs.ts'
import { Refused } from '../platform/refused.ts'
import type { Guard } from '../platform/rpc.ts'
import { neutralise } from './neutralise.ts'
import { checkPaperFile, copyPaper, createPaper, importPaper, savePaper, type PaperDeps } from './papers.ts'
import { lockPaperRow, paperLines, readPaperSheet } from './paperStore.ts'
import { addPicture } from './pictures.ts'

export const papersHandlers = (guard: Guard, deps: PaperDeps & { readonly jobs: JobQueue }) => {
  const os = implement(papersApi).$context<RequestContext>().use(guard)
  const sheet = async (paper: PaperId) => {
    const found = await readPaperSheet(deps.db, paper)
    if (!found) throw new Refused('not-found')
    return found
  }
  return os.router({
    list: os.list.handler(async () => ({ papers: await paperLines(deps.db) })),
    one: os.one.handler(({ input }) => sheet(input.paper)),
    preview: os.preview.handler(async ({ input }) => {
      const { content, id } = await sheet(input.paper)
      const shown = candidatePaper({ id, ...content }, orderSeed.parse(input.seed))
      return {
        title: shown.title,
        parts: shown.parts.map((part) => ({
          ...part,
          questions: part.questions.map((question) => ({ ...question, choices: [...question.choices] })),
        })),
      }
    }),
    create: os.create.handler(async ({ input, context: { actor } }) => ({
      paper: await createPaper(deps, personOf(actor), input.certification, input.content),
    })),
    save: os.save.handler(async ({ input, context: { actor } }) => {
      await savePaper(deps, personOf(actor), input.paper, input.version, input.content)
      return sheet(input.paper)
    }),
    copy: os.copy.handler(async ({ input, context: { actor } }) => ({
      paper: await copyPaper(deps, personOf(actor), input.paper, input.title),
    })),
    checkFile: os.checkFile.handler(({ input }) =>
      checkPaperFile(input.format, Buffer.from(input.file, 'base64')),
    ),
    importFile: os.importFile.handler(async ({ input: { file, ...wish }, context: { actor } }) => ({
      paper: await importPaper(deps, personOf(actor), { ...wish, bytes: Buffer.from(file, 'base64') }),
    })),
    addPicture: os.addPicture.handler(({ input }) =>
      deps.db.transaction().execute(async (tx) => {
        const row = await lockPaperRow(tx, input.paper)
        if (!row) throw new Refused('not-found')
        if (row.locked) throw new Refused('paper-locked')
        const bytes = Buffer.from(input.file, 'base64')
        return { address: await addPicture(tx, input.paper, bytes, deps.clock.now()) }
      }),
    ),
    neutralise: os.neutralise.handler(async ({ input: { paper, ...wish }, context: { actor } }) => {
      await neutralise(deps, personOf(actor), paper, wish)
      return sheet(paper)
    }),
  })
}
