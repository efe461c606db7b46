import type { Purpose } from '@vigie/contract/evidence/photo'
import { INIT_NUMBER } from '@vigie/contract/evidence/segment'
import { verifyChain, type ChainVerdict } from '@vigie/exam-engine/evidence/chain'
import { EVIDENCE_TRACKS } from '@vigie/exam-engine/evidence/segments'
import type { Instant } from '@vigie/kernel/instant'
import type { Actor } from '../accounts/actor.ts'
import { segmentContext, type IntakeDeps } from '../evidence/intake.ts'
import { photoContext } from '../evidence/photos.ts'
import { buildPlaylist } from '../evidence/playlist.ts'
import type { SegmentRow } from '../evidence/store.ts'
import { audit } from '../platform/audit.ts'
import { open, sha256 } from '../platform/keys.ts'
import { Refused } from '../platform/refused.ts'
import { createArchive, type Archive } from './archive.ts'
import { readPaperTrail, type ExportedCase } from './exportStore.ts'

export type ExportDeps = Pick<IntakeDeps, 'db' | 'clock' | 'storage' | 'keys'>

const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`)

const READ_ME = `Export of one case of Vigie.

manifest.json   every other file with its size and SHA-256, the verified chain, and what could not be read
case.json       the attempt, its session and certification, retention, verdict, comments, views
chain.jsonl     the events of the attempt in order: SHA-256(previous hash, line feed, text) is the hash of each;
                the first follows 64 zeros
answers.json    every saved draft with its salt: SHA-256(salt, text) is what the chain holds
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
  readonly faults: { file: string; fault: 'missing' | 'unreadable' | 'altered' }[]
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
  const sealed = key && (await storage.get(storedAs))
  if (!key || !sealed) {
    findings.faults.push({ file, fault: 'missing' })
    return Buffer.alloc(0)
  }
  try {
    return open(key, sealed, context)
  } catch {
    findings.faults.push({ file, fault: 'unreadable' })
    return Buffer.alloc(0)
  }
}

const fileOf = ({ track, rendition, number }: SegmentRow): string =>
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
        true,
      )
    }
  }
}

function addPapers(archive: Archive, found: ExportedCase): void {
  const { links, segments, photos, drafts, texts, marks, ...about } = found
  archive.add('READ-ME.txt', async () => Buffer.from(READ_ME))
  archive.add('case.json', async () =>
    json({ ...about, photos: photos.map(({ stored_as, ...rest }) => (void stored_as, rest)) }),
  )
  archive.add('chain.jsonl', async () =>
    Buffer.from(links.map((link) => `${JSON.stringify(link)}\n`).join('')),
  )
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
  const { db, clock, keys } = deps
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
  addPapers(archive, found)
  addRecording(deps, archive, attempt, found.segments, key, findings)
  for (const photo of found.photos) {
    const file = `photos/${photo.kind}-${photo.id}.jpg`
    const make = () => clearBytes(deps, key, file, photo.stored_as, photoContext(attempt, photo.id), findings)
    archive.add(file, make, true)
  }
  archive.close('manifest.json', async (files) =>
    json({
      format: 'vigie-case/1',
      attempt,
      exportedAt: clock.now(),
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
  return archive.stream
}

/** What a downloaded archive is called: opaque, because a name in a file name travels far. */
export const archiveName = (attempt: string, at: Instant): string =>
  `vigie-${attempt.slice(-12)}-${Temporal.Instant.fromEpochMilliseconds(at).toString().slice(0, 10)}.zip`
