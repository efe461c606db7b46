import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { digestSchema } from '@vigie/contract/ids'
import type { AttemptEvent } from '@vigie/exam-engine/attempt/events'
import { answerStream } from '@vigie/exam-engine/evidence/answerStream'
import { canonicalJson } from '@vigie/exam-engine/evidence/canonicalJson'
import { verifyChain, type ChainLink } from '@vigie/exam-engine/evidence/chain'
import type { Receipt } from '@vigie/exam-engine/evidence/receipt'
import { verifyStreams, type RecordedPieces } from '@vigie/exam-engine/evidence/streams'
import { eventOf } from '@vigie/exam-engine/evidence/verifyReceipt'
import { verifyTexts } from '@vigie/exam-engine/evidence/verifyTexts'
import type { JSONWebKeySet } from 'jose'
import { z } from 'zod'
import { piecesFrom } from '../evidence/streamStore.ts'
import { verifyFile } from '../evidence/verifyFile.ts'
import { signedText, verifyProof } from '../evidence/verifyStatement.ts'
import { sha256 } from '../platform/keys.ts'
import { EXPORT_FORMAT, fileOf } from './caseExport.ts'

/** What was looked at, and what is wrong with it; nothing wrong: `holds`. */
export interface CaseFinding {
  readonly what: string
  readonly holds: boolean
  readonly about: string
}

const manifestSchema = z.object({
  format: z.literal(EXPORT_FORMAT),
  attempt: z.string(),
  exportedAt: z.number(),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
})
type Manifest = z.infer<typeof manifestSchema>

const segmentsSchema = z.array(
  z.object({
    track: z.enum(['camera', 'screen']),
    rendition: z.string(),
    number: z.number(),
    digest: digestSchema,
    previous: digestSchema.nullable(),
    bytes: z.number(),
    started_at: z.number(),
    ended_at: z.number(),
    committed_at: z.number().nullable(),
    sealed_digest: digestSchema.nullable(),
    promised_order: z.number().nullable(),
    received_order: z.number().nullable(),
    // Exports from before say nothing of it.
    clock_offset: z.number().nullable().default(null),
    stored: z.boolean(),
  }),
)
const textsSchema = z.array(z.object({ digest: z.string(), salt: z.string(), text: z.string() }))
const caseSchema = z.object({
  retention: z.object({ destroyed_at: z.number().nullable() }).nullable(),
})
const draftsSchema = z.array(z.object({ number: z.number(), salt: z.string(), answers: z.string() }))

const ANSWER_EVENTS: readonly string[] = ['answers-saved', 'late-answers-saved', 'answers-set-aside']

/** Not signed by the manifest, because they come after it. */
const LAST = ['manifest.json', 'manifest.jws']

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex')
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
}

const first = (faults: readonly string[], well: string): string =>
  faults.length === 0 ? well : `${faults[0]}${faults.length > 1 ? `, and ${faults.length - 1} more` : ''}`

/**
 * Verifies an unpacked export of a case [REV-06] by the published keys and by nothing else: the signed manifest, each
 * file, the chain, the digests that stand in it for texts and answers, the links between segments, the receipt and the
 * head of a day. Throws when the folder holds no manifest.
 */
export async function verifyCase(folder: string, keys: JSONWebKeySet): Promise<CaseFinding[]> {
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')
  const findings: CaseFinding[] = []
  const judge = (what: string, faults: readonly string[], well: string) =>
    findings.push({ what, holds: faults.length === 0, about: first(faults, well) })

  const written = await read('manifest.json')
  const manifest = manifestSchema.parse(JSON.parse(written))
  judge('manifest', await manifestFaults(manifest, written, await read('manifest.jws'), keys), 'signed')
  judge('files', await fileFaults(folder, manifest), `${manifest.files.length} as they were exported`)

  const lines = (await read('chain.jsonl')).split('\n').filter((line) => line !== '')
  const links = lines.map((line) => JSON.parse(line) as ChainLink)
  const chain = verifyChain(sha256, links, null)
  judge(
    'chain',
    chain.ok ? [] : [`event ${chain.first.seq}: ${chain.first.fault}`],
    `${links.length} events, each linked to the one before`,
  )
  const record = links.map(({ text }) => text).join('\n')
  const drafts = draftsSchema.parse(JSON.parse(await read('answers.json')))
  const texts = textsSchema.parse(JSON.parse(await read('texts.json')))
  const { retention } = caseSchema.parse(JSON.parse(await read('case.json')))
  const salted = [...texts, ...drafts.map(({ salt, answers }) => ({ salt, text: answers }))]
  // What was destroyed on its day is rightly gone; what is there must still be what was said.
  const unmatched = retention?.destroyed_at ? [] : verifyTexts(sha256, links, salted).unmatched
  const without = (answers: boolean): string[] =>
    unmatched
      .filter(({ event }) => ANSWER_EVENTS.includes(event) === answers)
      .map(({ seq, event }) => `event ${seq} (${event}) has no text that gives its digest`)
  judge(
    'answers',
    [
      ...drafts
        .filter(({ salt, answers }) => !record.includes(`"${sha256(salt + answers)}"`))
        .map(({ number }) => `draft ${number} is not what the chain says`),
      ...without(true),
    ],
    `${drafts.length} drafts, each in the chain`,
  )
  // Links that do not hang together are no events to read.
  const saved = chain.ok ? answerStream(sha256, links.map(eventOf)) : null
  judge(
    'links of the answers',
    (saved?.breaks ?? []).map(({ number, fault }) => `save ${number} stands on a save that is ${fault}`),
    `${saved?.linked ?? 0} saves, each linked by its page to one before it`,
  )
  judge(
    'texts',
    [
      ...texts
        .filter(({ salt, text, digest }) => sha256(salt + text) !== digest || !record.includes(`"${digest}"`))
        .map(({ digest }) => `text ${digest} is not what the chain says`),
      ...without(false),
    ],
    `${texts.length}, each in the chain`,
  )
  const segments = segmentsSchema.parse(JSON.parse(await read('segments.json')))
  const listed = new Map(manifest.files.map((file) => [file.name, file.sha256]))
  const streams = piecesFrom(segments)
  judge(
    'recording',
    [...segmentFaults(segments, listed), ...(chain.ok ? headFaults(links, streams) : [])],
    `${segments.length} segments as they were promised`,
  )

  if (listed.has('receipt.jws')) {
    const receipt = await read('receipt.jws')
    const verdict = await verifyFile(JSON.stringify({ receipt, chain: links, streams }), keys)
    if (verdict.step !== 'record') judge('receipt', [verdict.problem], '')
    else if (!verdict.verdict.ok) judge('receipt', ['says something else than the chain'], '')
    else judge('receipt', streamFaults(verdict.receipt, segments), `number ${verdict.receipt.number}, signed`)
  }
  if (listed.has('day.json'))
    judge('head of a day', ...(await dayFaults(await read('day.json'), links, keys)))
  return findings
}

async function manifestFaults(
  { attempt, exportedAt }: Manifest,
  written: string,
  jws: string,
  keys: JSONWebKeySet,
): Promise<string[]> {
  const signed = await signedText(jws, 'vigie-case', keys)
  if ('problem' in signed) return [signed.problem]
  const expected = canonicalJson({ format: EXPORT_FORMAT, attempt, exportedAt, manifest: sha256(written) })
  return signed.text === expected ? [] : ['something else was signed']
}

async function fileFaults(folder: string, { files }: Manifest): Promise<string[]> {
  const faults: string[] = []
  const present = new Set(await filesBelow(folder))
  for (const { name, sha256: digest } of files) {
    if (!present.delete(name)) faults.push(`${name} is missing`)
    else if ((await digestOf(join(folder, name))) !== digest) faults.push(`${name} was altered`)
  }
  for (const name of present) if (!LAST.includes(name)) faults.push(`${name} was added`)
  return faults
}

type Segments = z.infer<typeof segmentsSchema>

/** Each promise names the one before it, and each file is what was promised. */
function segmentFaults(segments: Segments, listed: ReadonlyMap<string, string>): string[] {
  const faults: string[] = []
  const last = new Map<string, string>()
  for (const segment of [...segments].sort((a, b) => a.number - b.number)) {
    const stream = `${segment.track}/${segment.rendition}`
    if (segment.committed_at !== null) {
      if (segment.previous !== (last.get(stream) ?? null))
        faults.push(`${stream}: ${segment.number} has lost its link`)
      last.set(stream, segment.digest)
    }
    if (segment.stored && listed.get(fileOf(segment)) !== segment.digest)
      faults.push(`${fileOf(segment)} is not what was promised`)
  }
  return faults
}

/** The heads in the chain hold every promise and every arrival before them [EVD-04]. */
function headFaults(links: readonly ChainLink[], streams: readonly RecordedPieces[]): string[] {
  const attested = links.flatMap(({ text }) => {
    const { event } = JSON.parse(text) as { readonly event: AttemptEvent }
    return event.type === 'streams-attested' ? event.streams : []
  })
  const fault = verifyStreams(sha256, streams, attested)
  if (!fault) return []
  const { track, rendition, list, place, fault: what } = fault
  return [`${track}/${rendition}: place ${place} of the ${list}: ${what}`]
}

/** The receipt knew each stream up to some promise: that one must be there still. */
const streamFaults = ({ recording }: Receipt, segments: Segments): string[] =>
  recording
    .filter(({ lastDigest }) => lastDigest !== null)
    .filter(
      ({ track, rendition, lastDigest }) =>
        !segments.some(
          (one) => one.track === track && one.rendition === rendition && one.digest === lastDigest,
        ),
    )
    .map(({ track, rendition }) => `${track}/${rendition}: the promise that the receipt names is gone`)

async function dayFaults(
  text: string,
  links: readonly ChainLink[],
  keys: JSONWebKeySet,
): Promise<[faults: string[], well: string]> {
  const verdict = await verifyProof(text, keys)
  if (!verdict.holds) return [[verdict.problem], '']
  const { leaf } = JSON.parse(text) as { leaf: { length: number; head: string } }
  return links[leaf.length - 1]?.hash === leaf.head
    ? [[], verdict.about]
    : [['the chain was another on that day'], '']
}
