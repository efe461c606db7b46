import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import rules from '../../.dependency-cruiser.js'
import { root } from '../stack/paths.ts'

const workspaces = ['kernel', 'exam-engine', 'checks', 'contract', 'proctor-server', 'web', 'test']

/** What each rule must refuse: the file that breaks it, and its whole text. */
const refused: Readonly<Record<string, readonly [path: string, text: string]>> = {
  'no-cycle': ['kernel/src/one.ts', "import type { Two } from './two.ts'\nexport type One = Two | 1"],
  'no-unresolved': ['kernel/src/lost.ts', "export { gone } from './gone.ts'"],
  'no-undeclared-package': ['exam-engine/src/attempt/undeclared.ts', "import 'kysely'"],
  'no-dev-package-in-product': ['exam-engine/src/attempt/dev.ts', "import 'fast-check'"],
  'no-test-in-product': ['web/src/lib/attempt/leaning.ts', "import './testCase.ts'"],
  'kernel-knows-nobody': ['kernel/src/knowing.ts', "import 'node:fs'"],
  'exam-engine-knows-kernel-only': ['exam-engine/src/attempt/clock.ts', "import '@vigie/contract/ids'"],
  'verdict-knows-kernel-only': ['checks/src/verdict/probing.ts', "import '../probes/probe.ts'"],
  'checks-know-kernel-only': ['checks/src/probes/shaped.ts', "import '../../../contract/src/ids.ts'"],
  'probes-know-no-fakes': ['checks/src/probes/faking.ts', "import '../fakes/script.ts'"],
  'contract-knows-domains-only': ['contract/src/served.ts', "import '../../checks/src/probes/probe.ts'"],
  'web-knows-no-server': [
    'web/src/lib/attempt/served.ts',
    "import '../../../../proctor-server/src/config.ts'",
  ],
  'web-decides-nothing': ['web/src/lib/attempt/deciding.ts', "import '@vigie/exam-engine/attempt/decide'"],
  'server-knows-domains-only': [
    'proctor-server/src/attempt/probing.ts',
    "import '@vigie/checks/probes/probe'",
  ],
  'nobody-imports-test': ['contract/src/tested.test.ts', "import '../../test/stack/ports.ts'"],
  'engine-areas-share-words': ['exam-engine/src/evidence/deciding.ts', "import '../attempt/decide.ts'"],
  'engine-catalog-stands-first': [
    'exam-engine/src/catalog/later.ts',
    "import type { AttemptState } from '../attempt/state.ts'\nexport type Later = AttemptState",
  ],
  'engine-evidence-and-review-stand-last': [
    'exam-engine/src/attempt/recorded.ts',
    "import type { Chain } from '../evidence/chain.ts'\nexport type Recorded = Chain",
  ],
  'platform-has-no-business': ['proctor-server/src/platform/busy.ts', "import '../attempt/store.ts'"],
  'compose-is-the-top': ['proctor-server/src/attempt/wired.ts', "import '../compose.ts'"],
  'web-platform-owns-the-network': ['web/src/lib/attempt/dialling.ts', "import 'socket.io-client'"],
  'web-platform-knows-no-area': ['web/src/lib/platform/busy.ts', "import '../attempt/place.ts'"],
  'web-ui-knows-no-area': [
    'web/src/lib/ui/Busy.svelte',
    "<script lang='ts'>import '../attempt/place.ts'</script>",
  ],
  'web-routes-are-the-top': ['web/src/lib/attempt/paging.ts', "import '../../routes/+layout.ts'"],
  'one-icon-at-a-time': [
    'web/src/lib/ui/icons.ts',
    "import { Camera } from '@lucide/svelte'\nexport { Camera }",
  ],
}

/** Imports that the design wants: none of these may be refused. */
const allowed: Readonly<Record<string, string>> = {
  'exam-engine/src/attempt/worded.ts': "import '../supervision/reasons.ts'\nimport '@vigie/kernel/result'",
  'exam-engine/src/evidence/typed.ts':
    "import type { AttemptState } from '../attempt/state.ts'\nexport type S = AttemptState",
  'contract/src/shaped.ts': "import 'zod'\nimport '@vigie/exam-engine/attempt/state'",
  'web/src/lib/platform/dialling.ts': "import 'socket.io-client'\nimport '@vigie/contract/ids'",
  'web/src/lib/attempt/pressed.ts':
    "import '../ui/tone.ts'\nimport '../platform/dialling.ts'\nimport '@lucide/svelte/icons/camera'",
  'proctor-server/src/attempt/judging.ts': "import '@vigie/exam-engine/attempt/decide'\nimport 'kysely'",
  'proctor-server/src/attempt/judging.test.ts': "import '../testing/server.ts'\nimport 'socket.io-client'",
  'proctor-server/src/testing/server.ts': "import '../compose.ts'\nimport '../../../test/stack/ports.ts'",
  'proctor-server/src/main.ts': "import './compose.ts'",
}

/** What the samples lean on. */
const standing = [
  ...['kernel/src/result.ts', 'exam-engine/src/attempt/decide.ts', 'exam-engine/src/supervision/reasons.ts'],
  ...['checks/src/probes/probe.ts', 'checks/src/fakes/script.ts', 'contract/src/ids.ts'],
  ...['proctor-server/src/config.ts', 'proctor-server/src/attempt/store.ts', 'proctor-server/src/compose.ts'],
  ...['web/src/lib/attempt/place.ts', 'web/src/lib/attempt/testCase.ts', 'web/src/lib/ui/tone.ts'],
  ...['web/src/routes/+layout.ts', 'test/stack/ports.ts'],
]
const standingTypes: Readonly<Record<string, string>> = {
  'kernel/src/two.ts': "import type { One } from './one.ts'\nexport type Two = One | 2",
  'exam-engine/src/attempt/state.ts': 'export type AttemptState = 1\nexport const all = 1',
  'exam-engine/src/evidence/chain.ts': 'export type Chain = 1',
}

interface Violation {
  readonly from: string
  readonly rule: { readonly name: string }
}

let folder = ''
let violations: readonly Violation[] = []

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-arrows-'))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  for (const path of standing) write(path, 'export const here = 1')
  for (const [path, text] of Object.values(refused)) write(path, text)
  for (const [path, text] of Object.entries({ ...standingTypes, ...allowed })) write(path, text)
  for (const name of ['.', ...workspaces])
    cpSync(join(root, name, 'package.json'), join(folder, name, 'package.json'))
  linkPackages()
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...[join(root, 'node_modules/.bin/depcruise')],
      ...['--config', join(root, '.dependency-cruiser.js'), '--output-type', 'json', ...workspaces],
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  if (stdout === '') throw new Error(stderr)
  violations = (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Packages are this repository's; the workspaces among them are the samples'. */
function linkPackages(): void {
  const installed = join(root, 'node_modules')
  mkdirSync(join(folder, 'node_modules/@vigie'), { recursive: true })
  for (const name of readdirSync(installed))
    if (name !== '@vigie' && !name.startsWith('.'))
      symlinkSync(join(installed, name), join(folder, 'node_modules', name))
  for (const name of workspaces) symlinkSync(join(folder, name), join(folder, 'node_modules/@vigie', name))
}

test('every rule about imports has a sample that it must refuse', () => {
  expect(Object.keys(refused).sort()).toEqual(rules.forbidden?.map(({ name }) => name).sort())
})

test.each(Object.entries(refused))('%s refuses its sample', (rule, [path]) => {
  const found = violations.filter(({ from }) => from === path).map(({ rule: { name } }) => name)
  expect(found).toContain(rule)
})

test.each(Object.keys(allowed))('%s may import what it imports', (path) => {
  expect(violations.filter(({ from }) => from === path)).toEqual([])
})
