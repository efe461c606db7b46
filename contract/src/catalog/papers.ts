import { z } from 'zod'
import { candidatePaperSchema } from '../attempt/paper.ts'
import { certificationIdSchema, paperIdSchema, questionIdSchema } from '../ids.ts'
import { route } from '../route.ts'
import { fileDigestSchema, fileSchema } from './file.ts'
import {
  IMPORT_FORMATS,
  importReportSchema,
  paperLineSchema,
  paperSchema,
  paperToKeepSchema,
} from './paper.ts'

const tags = ['catalog']
const paper = z.object({ paper: paperIdSchema })
const certification = z.object({ certification: certificationIdSchema })

/** Papers: written, imported, copied, corrected [ADM-03, ADM-04]. */
export const papersApi = {
  list: route('catalog.read')
    .route({ method: 'GET', path: '/catalog/papers', tags })
    .output(z.object({ papers: z.array(paperLineSchema) })),
  one: route('catalog.read')
    .route({ method: 'GET', path: '/catalog/papers/{paper}', tags })
    .input(paper)
    .output(paperSchema),
  /** A paper as one candidate of many would see it: in the order of this seed, without its key [ADM-03]. */
  preview: route('catalog.read')
    .route({ method: 'GET', path: '/catalog/papers/{paper}/preview', tags })
    .input(paper.extend({ seed: z.string().regex(/^[\w-]{8,40}$/) }))
    .output(candidatePaperSchema),
  create: route('catalog.write')
    .route({ method: 'POST', path: '/catalog/papers', tags })
    .input(certification.extend({ content: paperToKeepSchema }))
    .output(paper),
  /** Refused `paper-locked` once an attempt has started on it, `paper-changed` when another save came between. */
  save: route('catalog.write')
    .route({ method: 'PUT', path: '/catalog/papers/{paper}', tags })
    .input(paper.extend({ version: z.number().int(), content: paperToKeepSchema }))
    .output(paperSchema),
  copy: route('catalog.write')
    .route({ method: 'POST', path: '/catalog/papers/{paper}/copy', tags })
    .input(paper.extend({ title: z.string().trim().min(1).max(200) }))
    .output(paper),
  /** Reads a file in one of the formats of docs/papers.md and says question by question what it holds. */
  checkFile: route('catalog.write')
    .route({ method: 'POST', path: '/catalog/papers/import/check', tags })
    .input(z.object({ format: z.enum(IMPORT_FORMATS), file: fileSchema }))
    .output(importReportSchema),
  importFile: route('catalog.write')
    .route({ method: 'POST', path: '/catalog/papers/import', tags })
    .input(
      certification.extend({
        format: z.enum(IMPORT_FORMATS),
        file: fileSchema,
        digest: fileDigestSchema,
        title: z.string().trim().min(1).max(200),
      }),
    )
    .output(paper),
  /** A picture for a text of a paper: PNG, JPEG, GIF or WebP, at most 2 MB. Gives its address on our own origin. */
  addPicture: route('catalog.write')
    .route({ method: 'POST', path: '/catalog/papers/{paper}/pictures', tags })
    .input(paper.extend({ file: z.base64().min(1).max(2_800_000) }))
    .output(z.object({ address: z.string() })),
  /** [ADM-04] Takes a question out for everybody, or puts it back; scores are computed again. */
  neutralise: route('catalog.write')
    .route({ method: 'POST', path: '/catalog/papers/{paper}/neutralise', tags })
    .input(
      paper.extend({
        question: questionIdSchema,
        neutralised: z.boolean(),
        reason: z.string().trim().min(3).max(1_000),
      }),
    )
    .output(paperSchema),
}
