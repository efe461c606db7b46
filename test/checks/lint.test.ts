import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ESLint } from 'eslint'
import { beforeAll, expect, test } from 'vitest'
import { root } from '../stack/paths.ts'
import { temporaryFolder } from '../stack/temporaryFolder.ts'

/** A line of code, the file it would stand in, and the rule that must refuse it there. */
const refused: readonly (readonly [rule: string, path: string, code: string])[] = [
  ['no-restricted-syntax', 'exam-engine/src/attempt/a.ts', 'export const at = Date.now()'],
  ['no-restricted-syntax', 'exam-engine/src/attempt/a.ts', 'export const at = new Date()'],
  ['no-restricted-syntax', 'exam-engine/src/attempt/a.ts', 'export const at = Temporal.Now.instant()'],
  ['no-restricted-syntax', 'exam-engine/src/attempt/a.ts', 'export const at = performance.now()'],
  ['no-restricted-syntax', 'kernel/src/a.ts', 'export const at = Math.random()'],
  ['no-restricted-syntax', 'checks/src/verdict/a.ts', 'export const id = crypto.randomUUID()'],
  ['no-restricted-syntax', 'contract/src/a.ts', "export const secret = process.env['SECRET']"],
  ['no-restricted-globals', 'exam-engine/src/attempt/a.ts', 'export const bytes = Buffer.alloc(1)'],
  ['no-restricted-globals', 'checks/src/verdict/a.ts', 'export const page = document.title'],
  ['no-restricted-globals', 'exam-engine/src/attempt/a.ts', 'setTimeout(() => 0, 1)'],
  ['no-restricted-syntax', 'proctor-server/src/attempt/a.ts', 'export const at = Date.now()'],
  ['no-restricted-syntax', 'proctor-server/src/attempt/a.ts', 'export const at = new Date()'],
  ['no-restricted-syntax', 'proctor-server/src/platform/a.ts', "export const port = process.env['PORT']"],
  ['no-restricted-globals', 'proctor-server/src/attempt/a.ts', "await fetch('http://livekit')"],
  ['no-restricted-globals', 'web/src/lib/attempt/a.ts', "await fetch('/api/me')"],
  [
    'no-restricted-globals',
    'web/src/lib/attempt/a.svelte.ts',
    "export const kept = localStorage.getItem('a')",
  ],
  [
    'no-restricted-globals',
    'web/src/lib/attempt/A.svelte',
    "<script lang='ts'>\n  void indexedDB.open('a')\n</script>",
  ],
  ['no-restricted-globals', 'checks/src/probes/a.ts', "await fetch('/api/checks')"],
  ['no-restricted-syntax', 'web/src/lib/attempt/A.svelte', '<p>{Date.now()}</p>'],
  ['no-restricted-syntax', 'web/src/lib/attempt/a.test.ts', "test.only('one', () => {})"],
  ['no-restricted-syntax', 'test/e2e/a.spec.ts', "test.skip('one', () => {})"],
  ['no-restricted-syntax', 'contract/src/attempt/all.ts', "export * from './view.ts'"],
  ['max-lines', 'web/src/lib/attempt/a.ts', `export const lines = [\n${'1,\n'.repeat(400)}]`],
  ['no-warning-comments', 'web/src/lib/attempt/a.ts', ['// TO', 'DO later'].join('')],
  ['@typescript-eslint/no-explicit-any', 'web/src/lib/attempt/a.ts', 'export const a = 1 as any'],
  ['@typescript-eslint/ban-ts-comment', 'kernel/src/a.ts', '// @ts-ignore\nexport const a: string = 1'],
]

/** Code that has its place: no rule may refuse it there. */
const allowed: readonly (readonly [path: string, code: string])[] = [
  ['proctor-server/src/platform/clock.ts', 'export const now = () => Date.now()\n'],
  ['proctor-server/src/config.test.ts', "export const given = process.env['DATABASE_URL']\n"],
  ['proctor-server/src/platform/livekit.ts', "export const answer = await fetch('http://127.0.0.1')\n"],
  ['web/src/lib/platform/http.ts', "export const answer = await fetch('/api/me')\n"],
  ['exam-engine/src/attempt/a.ts', 'export const later = (now: number) => new Date(now)\n'],
  ['test/stack/a.ts', 'export const at = Date.now()\n'],
  ['web/src/lib/attempt/a.test.ts', `export const lines = [\n${'1,\n'.repeat(500)}]\n`],
]

/** What only types tell, and the rule of .oxlintrc.json that must refuse it. */
const refusedByType: readonly (readonly [rule: string, code: string])[] = [
  ['no-floating-promises', 'export function a(): void {\n  Promise.resolve(1)\n}'],
  ['no-misused-promises', 'export const a = [1].filter(async () => true)'],
  ['no-unsafe-member-access', "export const a: unknown = JSON.parse('1').b"],
  [
    'switch-exhaustiveness-check',
    "export function a(b: 'c' | 'd'): void {\n  switch (b) {\n    case 'c':\n  }\n}",
  ],
  ['restrict-template-expressions', 'export const a = (b: object) => `${b}`'],
  ['no-unnecessary-condition', 'export const a = (b: object) => b ?? 1'],
]

let eslint: ESLint
let byType: string

beforeAll(async () => {
  eslint = new ESLint({ cwd: root })
  await using samples = await temporaryFolder()
  writeFileSync(
    join(samples.path, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.json'), include: ['*.ts'] }),
  )
  refusedByType.forEach(([rule, code]) => writeFileSync(join(samples.path, `${rule}.ts`), `${code}\n`))
  const { stdout } = spawnSync(
    join(root, 'node_modules/.bin/oxlint'),
    ['--type-aware', '--config', join(root, '.oxlintrc.json'), '--format', 'unix', samples.path],
    { encoding: 'utf8' },
  )
  byType = stdout
})

async function rulesAgainst(path: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, path) })
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message)
}

test.each(refused)('%s refuses its sample in %s', async (rule, path, code) => {
  expect(await rulesAgainst(path, code)).toContain(rule)
})

test.each(refusedByType)('%s refuses its sample', (rule) => {
  const said = byType.split('\n').filter((line) => line.includes(`${rule}.ts`))
  expect(said.join('\n')).toContain(`(${rule})`)
})

test.each(allowed)('%s may hold its sample', async (path, code) => {
  expect(await rulesAgainst(path, code)).toEqual([])
})
