import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { JSONWebKeySet } from 'jose'
import { verifyFile, type FileVerdict } from './evidence/verifyFile.ts'
import { KEYS_PATH } from './platform/signing.ts'

const USAGE = `npm run verify -- RECEIPT.json --keys KEYS.json

Verifies a receipt and the record it came with. KEYS.json is the JWK set that the server publishes at ${KEYS_PATH};
a copy that somebody else than the server kept proves more. Exit code 0: everything holds.`

/** The verdict in words, and whether everything holds. */
function told(verdict: FileVerdict): readonly [line: string, holds: boolean] {
  if (verdict.step === 'form') return [`NOT A RECEIPT: ${verdict.problem}`, false]
  if (verdict.step === 'signature') return [`SIGNATURE REFUSED: ${verdict.problem}`, false]
  const { receipt, verdict: record } = verdict
  const name = `receipt ${receipt.number} of attempt ${receipt.record.attempt}`
  if (record.ok) {
    const grown = record.grown > 0 ? `, ${record.grown} written since` : ''
    return [`HOLDS: ${name}; the signature and all ${record.length} events${grown}`, true]
  }
  if ('chain' in record)
    return [`BROKEN at event ${record.chain.seq}: ${record.chain.fault} (signature of ${name} holds)`, false]
  return [`BROKEN: the receipt says another « ${record.differs} » than its record`, false]
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { keys: { type: 'string' } },
  })
  const [file] = positionals
  if (!file || positionals.length > 1 || !values.keys) {
    console.error(USAGE)
    return 2
  }
  const keys = JSON.parse(await readFile(values.keys, 'utf8')) as JSONWebKeySet
  const [line, holds] = told(await verifyFile(await readFile(file, 'utf8'), keys))
  console.log(line)
  return holds ? 0 : 1
}

process.exitCode = await main()
