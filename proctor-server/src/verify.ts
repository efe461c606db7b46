import { readFile, stat } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { AnswerStream } from '@vigie/exam-engine/evidence/answerStream'
import type { JSONWebKeySet } from 'jose'
import { verifyFile, verifyTextFiles, type FileVerdict } from './evidence/verifyFile.ts'
import { verifyCertificate, verifyProof, type StatementVerdict } from './evidence/verifyStatement.ts'
import { KEYS_PATH } from './platform/signing.ts'
import { verifyCase } from './review/verifyCase.ts'

const USAGE = `npm run verify -- FILE --keys KEYS.json [--texts FILE…]

FILE: a receipt with its record; a certificate of destruction (.jws); the proof of a daily head
(/api/heads/DAY/proofs/ATTEMPT); the folder into which the export of a case was unpacked.
KEYS.json is the JWK set that the server publishes at ${KEYS_PATH}; a copy that somebody else than
the server kept proves more. --texts: donnees.json of the candidate's copy, to compare each text of
a receipt's record too. Exit code 0: everything holds.`

/** What the page's own chain of saves says of the record [EVD-04.4]. */
function toldOfAnswers({ linked, unlinked, breaks }: AnswerStream): readonly [line: string, holds: boolean] {
  const [first] = breaks
  if (first) {
    const fault =
      first.fault === 'unknown' ? 'which is not in the record' : 'which is another one in the record'
    return [`BROKEN answers: the page made save ${first.number} on a save ${fault}`, false]
  }
  const without = unlinked > 0 ? `, ${unlinked} of pages that linked none` : ''
  return [`HOLDS: ${linked} saves of answers, each linked by its page to one before it${without}`, true]
}

/** The verdict in words, and whether everything holds. */
function told(verdict: FileVerdict): readonly [line: string, holds: boolean] {
  if (verdict.step === 'form') return [`NOT A RECEIPT: ${verdict.problem}`, false]
  if (verdict.step === 'signature') return [`SIGNATURE REFUSED: ${verdict.problem}`, false]
  const { receipt, verdict: record } = verdict
  const name = `receipt ${receipt.number} of attempt ${receipt.record.attempt}`
  if (record.ok) {
    const grown = record.grown > 0 ? `, ${record.grown} written since` : ''
    const [answers, linked] = toldOfAnswers(record.answers)
    return [`HOLDS: ${name}; the signature and all ${record.length} events${grown}\n${answers}`, linked]
  }
  if ('chain' in record)
    return [`BROKEN at event ${record.chain.seq}: ${record.chain.fault} (signature of ${name} holds)`, false]
  if ('stream' in record) {
    const { track, rendition, list, place, number, fault } = record.stream
    const piece = number === null ? '' : ` (piece ${number})`
    const where = `${track} ${rendition}, place ${place} of the ${list}${piece}`
    return [`BROKEN recording: ${where}: ${fault} (signature and events of ${name} hold)`, false]
  }
  return [`BROKEN: the receipt says another « ${record.differs} » than its record`, false]
}

/** The texts of a receipt's record, compared with the digests in it [EVD-05]. */
async function toldOfTexts(text: string, files: readonly string[]): Promise<readonly [string, boolean]> {
  const contents = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  const { matched, unmatched } = verifyTextFiles(text, contents)
  const [first] = unmatched
  if (!first) return [`HOLDS: all ${matched} texts are those of the record`, true]
  const rest = `${matched} match, ${unmatched.length} do not`
  return [`NO SUCH TEXT for event ${first.seq} (${first.event}): missing or altered; ${rest}`, false]
}

const toldOfStatement = (verdict: StatementVerdict): readonly [line: string, holds: boolean] =>
  verdict.holds ? [`HOLDS: ${verdict.about}`, true] : [`REFUSED: ${verdict.problem}`, false]

/** One line for each thing that was looked at. */
async function toldOfCase(
  folder: string,
  keys: JSONWebKeySet,
): Promise<readonly [line: string, holds: boolean]> {
  const findings = await verifyCase(folder, keys)
  const lines = findings.map(({ what, holds, about }) => `${holds ? 'HOLDS' : 'BROKEN'}: ${what}: ${about}`)
  return [lines.join('\n'), findings.every(({ holds }) => holds)]
}

/** By what the file is: a bare signature, a proof, or a receipt with its record. */
async function verdictOf(
  text: string,
  keys: JSONWebKeySet,
): Promise<readonly [line: string, holds: boolean]> {
  if (/^[\w-]+\.[\w-]+\.[\w-]+\s*$/.test(text)) return toldOfStatement(await verifyCertificate(text, keys))
  if (text.includes('"steps"') && !text.includes('"receipt"'))
    return toldOfStatement(await verifyProof(text, keys))
  return told(await verifyFile(text, keys))
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { keys: { type: 'string' }, texts: { type: 'string', multiple: true } },
  })
  const [file] = positionals
  if (!file || positionals.length > 1 || !values.keys) {
    console.error(USAGE)
    return 2
  }
  const keys = JSON.parse(await readFile(values.keys, 'utf8')) as JSONWebKeySet
  const [line, holds] = (await stat(file)).isDirectory()
    ? await toldOfCase(file, keys)
    : await verdictOf(await readFile(file, 'utf8'), keys)
  console.log(line)
  if (!holds || !values.texts) return holds ? 0 : 1
  const [textsLine, textsHold] = await toldOfTexts(await readFile(file, 'utf8'), values.texts)
  console.log(textsLine)
  return textsHold ? 0 : 1
}

process.exitCode = await main()
