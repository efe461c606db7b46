import type { Purpose } from '@vigie/contract/evidence/photo'
import { INIT_NUMBER } from '@vigie/contract/evidence/segment'
import { canonicalJson } from '@vigie/exam-engine/evidence/canonicalJson'
import { verifyChain, type ChainVerdict } from '@vigie/exam-engine/evidence/chain'
import { EVIDENCE_TRACKS } from '@vigie/exam-engine/evidence/segments'
import type { Instant } from '@vigie/kernel/instant'
import type { Actor } from '../accounts/actor.ts'
import { readClear, type Fault } from '../evidence/clear.ts'
import { proofOf, recentHeads } from '../evidence/dailyHead.ts'
import { segmentContext, type IntakeDeps } from '../evidence/intake.ts'
import { photoContext } from '../evidence/photos.ts'
import { buildPlaylist } from '../evidence/playlist.ts'
import type { Receipts } from '../evidence/receipts.ts'
import type { SegmentRow } from '../evidence/store.ts'
import { createArchive, type Archive } from '../platform/archive.ts'
import { audit } from '../platform/audit.ts'
import { sha256 } from '../platform/keys.ts'
import { Refused } from '../platform/refused.ts'
import type { Signing } from '../platform/signing.ts'
import { readPaperTrail, type ExportedCase } from './exportStore.ts'

export type ExportDeps = Pick<IntakeDeps, 'db' | 'clock' | 'storage' | 'keys'> & {
  readonly receipts: Pick<Receipts, 'of'>
  readonly signing: Pick<Signing, 'sign'>
}

export const EXPORT_FORMAT = 'vigie-case/1'

const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`)

const READ_ME = `Export of one case of Vigie. To verify it, anywhere and at any time, unpack it and run
« npm run verify -- FOLDER --keys KEYS.json » in a copy of Vigie (docs/operations.md, « Verifying »).

manifest.json   every other file with its size and SHA-256, the verified chain, and what could not be read
manifest.jws    signs the SHA-256 of manifest.json
receipt.jws     once the attempt is sealed: the signed receipt, as its candidate has it
day.json        the newest signed head of a day that this attempt's chain stands under, and the way to it
case.json       the attempt, its session and certification, retention, verdict, comments, views
chain.jsonl     the events of the attempt in order: SHA-256(previous hash, line feed, text) is the hash of each;
                the first follows 64 zeros
answers.json    every saved draft with its salt: SHA-256(salt, text) is what the chain holds; with a cause: set aside
texts.json      texts behind digests of the chain, with their salts
marks.json      chat, notes, flags and signals
segments.json   what the candidate's page promised (digest of the bytes as recorded, previous digest) and when
camera, screen  the recording: playlist.m3u8 plays in any player that reads HLS; the files are those of segments.json
photos          document and face
`

/** What stands in the manifest beside the list of files. */
interface Findings {
  readonly chain: ChainVerdict
  /** Files whose bytes are gone, do not open, or are not what was promised. */
  readonly faults: { file: string; fault: Fault | 'altered' }[]
  verified: number
}

/** The bytes of a sealed object, or nothing and a line among the faults. */
async function clearBytes(
  { storage }: ExportDeps,
  key: Buffer | null,
  file: string,
  storedAs: string,
  context: string,
  findings: Findings,
): Promise<Buffer> {
  const clear = await readClear(storage, key, storedAs, context)
  if (typeof clear !== 'string') return clear
  findings.faults.push({ file, fault: clear })
  return Buffer.alloc(0)
}

/** Signed by the server when the case left it, or null where nothing of the kind is there yet. */
interface Attested {
  readonly receipt: string | null
  readonly day: NonNullable<Awaited<ReturnType<typeof proofOf>>> | null
}

/** Read before the chain: what is attested is then never longer than what is exported. */
async function attestedOf({ db, receipts }: ExportDeps, attempt: string): Promise<Attested> {
  const receipt = await receipts.of(attempt).then(
    (file) => file.receipt,
    (error: unknown) => {
      if (error instanceof Refused && error.code === 'not-sealed') return null
      throw error
    },
  )
  const [head] = await recentHeads(db, 1)
  return { receipt, day: head ? await proofOf(db, head.day, attempt) : null }
}

/** Where a segment lies in the archive. */
export const fileOf = ({
  track,
  rendition,
  number,
}: Pick<SegmentRow, 'track' | 'rendition' | 'number'>): string =>
  `${track}/${rendition}/${number === INIT_NUMBER ? 'init.mp4' : `${String(number).padStart(5, '0')}.m4s`}`

function addRecording(
  deps: ExportDeps,
  archive: Archive,
  attempt: string,
  segments: readonly SegmentRow[],
  key: Buffer | null,
  findings: Findings,
): void {
  for (const track of EVIDENCE_TRACKS) {
    const own = segments.filter((segment) => segment.track === track && segment.stored_as !== null)
    if (own.length === 0) continue
    const byName = new Map(own.map((segment) => [`${segment.rendition}/${segment.number}`, segment]))
    archive.add(`${track}/playlist.m3u8`, async () =>
      Buffer.from(
        buildPlaylist(own, {
          complete: true,
          now: deps.clock.now(),
          addressOf: ({ rendition, number }) => {
            const segment = byName.get(`${rendition}/${number}`)
            return segment ? fileOf(segment).slice(track.length + 1) : ''
          },
        }),
      ),
    )
    for (const segment of own) {
      const file = fileOf(segment)
      archive.add(
        file,
        async () => {
          const context = segmentContext(attempt, segment)
          const bytes = await clearBytes(deps, key, file, segment.stored_as!, context, findings)
          if (bytes.length > 0 && sha256(bytes) === segment.digest) findings.verified += 1
          else if (bytes.length > 0) findings.faults.push({ file, fault: 'altered' })
          return bytes
        },
        { stored: true },
      )
    }
  }
}

function addPapers(archive: Archive, found: ExportedCase, { receipt, day }: Attested): void {
  const { links, segments, photos, drafts, texts, marks, ...about } = found
  archive.add('READ-ME.txt', async () => Buffer.from(READ_ME))
  archive.add('case.json', async () =>
    json({ ...about, photos: photos.map(({ stored_as, ...rest }) => (void stored_as, rest)) }),
  )
  archive.add('chain.jsonl', async () =>
    Buffer.from(links.map((link) => `${JSON.stringify(link)}\n`).join('')),
  )
  if (receipt) archive.add('receipt.jws', async () => Buffer.from(receipt))
  if (day) archive.add('day.json', async () => json(day))
  archive.add('answers.json', async () => json(drafts))
  archive.add('texts.json', async () => json(texts))
  archive.add('marks.json', async () => json(marks))
  archive.add('segments.json', async () =>
    json(segments.map(({ stored_as, ...rest }) => ({ ...rest, stored: stored_as !== null }))),
  )
}

/**
 * Everything there is of one case in one archive, streamed [REV-06]: papers, recording and photos in clear, then a
 * manifest with the SHA-256 of each file, the verdict on the chain and on every promised segment. Logged before the
 * first byte leaves.
 */
export async function exportCase(
  deps: ExportDeps,
  actor: Actor,
  attempt: string,
  purpose: Purpose,
): Promise<NodeJS.ReadableStream> {
  const { db, clock, keys, signing } = deps
  const attested = await attestedOf(deps, attempt)
  const found = await readPaperTrail(db, attempt)
  if (!found) throw new Refused('attempt-unknown')
  await audit(db, clock, { actor, role: 'reviewer', action: 'review.exported', attempt, purpose })
  const key = await keys.find(db, attempt)
  const findings: Findings = {
    chain: verifyChain(sha256, found.links, { length: found.version, head: found.head }),
    faults: [],
    verified: 0,
  }
  const archive = createArchive()
  addPapers(archive, found, attested)
  addRecording(deps, archive, attempt, found.segments, key, findings)
  for (const photo of found.photos) {
    const file = `photos/${photo.kind}-${photo.id}.jpg`
    const make = () => clearBytes(deps, key, file, photo.stored_as, photoContext(attempt, photo.id), findings)
    archive.add(file, make, { stored: true })
  }
  const exportedAt = clock.now()
  archive.add('manifest.json', (files) =>
    json({
      format: EXPORT_FORMAT,
      attempt,
      exportedAt,
      exportedBy: actor.kind === 'person' ? actor.name : null,
      purpose,
      chain: findings.chain,
      segments: {
        promised: found.segments.length,
        received: found.segments.filter((segment) => segment.received_at !== null).length,
        verified: findings.verified,
      },
      faults: findings.faults,
      files,
    }),
  )
  archive.add('manifest.jws', async (files) => {
    const manifest = files.at(-1)!.sha256
    const text = canonicalJson({ format: EXPORT_FORMAT, attempt, exportedAt, manifest })
    return Buffer.from(await signing.sign('vigie-case', text))
  })
  archive.close()
  return archive.stream
}

/** What a downloaded archive is called: opaque, because a name in a file name travels far. */
export const archiveName = (attempt: string, at: Instant): string =>
  `vigie-${attempt.slice(-12)}-${Temporal.Instant.fromEpochMilliseconds(at).toString().slice(0, 10)}.zip`
