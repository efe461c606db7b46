import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import * as citedRules from './citedRules.ts'
import * as errorWords from './errorWords.ts'
import * as links from './links.ts'
import * as messages from './messages.ts'
import * as names from './names.ts'
import * as ruleWords from './ruleWords.ts'
import * as size from './size.ts'
import * as traces from './traces.ts'

const folders: string[] = []

/** A repository that holds these files only. */
function repository(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-checks-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const settings = {
  'web/project.inlang/settings.json': '{"locales": ["fr", "en"], "p": ["./messages/exam/{locale}.json"]}',
}
const texts = (fr: object, en: object) => ({
  ...settings,
  'web/messages/exam/fr.json': JSON.stringify(fr),
  'web/messages/exam/en.json': JSON.stringify(en),
})

test('a text that is missing, empty or fills in another name in one language is found', () => {
  const { check } = messages
  expect(check.faultsIn(repository(texts({ a: 'un {n}' }, { a: 'one {n}' })))).toEqual([])
  expect(check.faultsIn(repository(texts({ a: 'un' }, {})))).toEqual([
    'web/messages/exam/en.json: a is missing',
  ])
  expect(check.faultsIn(repository(texts({ a: 'un' }, { a: ' ' })))).toEqual([
    'web/messages/exam/en.json: a is empty',
  ])
  expect(check.faultsIn(repository(texts({ a: 'un' }, { a: [] })))).toEqual([
    'web/messages/exam/en.json: a holds no text',
  ])
  expect(check.faultsIn(repository(texts({ a: 'à {heure}' }, { a: 'at {time}' })))).toHaveLength(1)
})

test('a key in two areas and an area that Paraglide is not told of are found', () => {
  const folder = repository({
    ...texts({ a: 'un' }, { a: 'one' }),
    'web/messages/room/fr.json': '{"a": "un"}',
    'web/messages/room/en.json': '{"a": "one"}',
  })
  expect(messages.check.faultsIn(folder)).toEqual([
    'web/project.inlang/settings.json does not name web/messages/room, so none of it is shown',
    'web/messages: a stands in both exam and room',
  ])
})

test('an error code without words in one language is found', () => {
  const folder = repository({
    ...settings,
    'web/messages/errors/fr.json': '{}',
    'web/messages/errors/en.json': '{}',
  })
  const faults = errorWords.check.faultsIn(folder)
  expect(faults).toContain('web/messages/errors/fr.json: errors_not_signed_in is missing')
  expect(faults).toContain('web/messages/errors/en.json: errors_not_signed_in_do is missing')
})

test('a rule that no test title cites is found, unless it is for later', () => {
  const spec = [
    '- **ATT-01.1** One thing,',
    '  on two lines.',
    '- [CHK-02] Another.',
    '- **ATT-01.2** A third (later).',
    '- **ATT-01.3** A fourth,',
    '  also (later).',
    '- **ATT-01.4** A fifth; its text says ATT-01.1 too.',
  ].join('\n')
  const cases = `
    // ATT-01.4 in a comment proves nothing.
    describe('entry', () => { test('[ATT-01.1] it holds', () => {}) })
    test.each([['ATT-01.4']])('[CHK-02, ATT-03] %s', () => {})
  `
  const folder = repository({ 'exam-engine/SPEC.md': spec, 'exam-engine/src/a.test.ts': cases })
  expect(citedRules.check.faultsIn(folder)).toEqual(['exam-engine/SPEC.md: no test cites ATT-01.4'])
})

test('a rule cited anywhere must be explained', () => {
  // In two pieces, or this file would cite it.
  const unknown = 70 + 7
  const folder = repository({
    'docs/rules.md': '- ATT-01 the life of an attempt',
    'kernel/src/a.ts': `// [ATT-01.2] fine, SHA-256 too; [ATT-${unknown}] is not`,
  })
  expect(ruleWords.check.faultsIn(folder)).toEqual([`kernel/src/a.ts: ATT-${unknown}`])
})

test('a link, a heading, a path and a command that do not exist are found', () => {
  const folder = repository({
    'package.json': '{"scripts": {"start": "x"}}',
    'docs/architecture.md': '# The parts\n\nSee [below](#the-parts) and `deploy/Caddyfile`.',
    'deploy/Caddyfile': '',
    'README.md': [
      '[good](docs/architecture.md#the-parts) `npm start` `docs/architecture.md` <https://example.org>',
      '[gone](docs/gone.md) [no heading](docs/architecture.md#the-whole)',
      '<img src="docs/screenshots/gone.png"> `deploy/gone.yaml` `npm run gone` `and/or`',
      '```\n[not](a-link) npm start\n```',
    ].join('\n'),
  })
  expect(links.check.faultsIn(folder)).toEqual([
    'README.md: the link to docs/gone.md leads nowhere',
    'README.md: docs/architecture.md has no heading « the-whole »',
    'README.md: the link to docs/screenshots/gone.png leads nowhere',
    'README.md: there is no deploy/gone.yaml',
    'README.md: package.json has no script « gone »',
  ])
})

test('names that say nothing and barrels are found', () => {
  const one = 'export const one = 1'
  const folder = repository({
    'web/src/lib/utils.ts': one,
    'web/src/lib/testHelpers.test.ts': one,
    'web/src/lib/common/one.ts': one,
    'web/src/lib/commonest.ts': one,
    'web/src/lib/uncommon.ts': one,
    'contract/src/index.ts': one,
    'contract/src/all.ts': "export * from './one.ts'\nexport { two } from './two.ts'",
    'contract/src/some.ts': `export * from './one.ts'\n${one}`,
  })
  expect(names.check.faultsIn(folder)).toEqual([
    'contract/src/all.ts: passes on what others export and has nothing itself',
    'contract/src/index.ts: an index hides where things are',
    'web/src/lib/common/one.ts: « common » does not say what is inside',
    'web/src/lib/testHelpers.test.ts: « testHelpers.test.ts » does not say what is inside',
    'web/src/lib/utils.ts: « utils.ts » does not say what is inside',
  ])
})

test('a file of more than 400 lines is found, a list of cases or of texts is not one', () => {
  const long = 'one\n'.repeat(401)
  const folder = repository({
    'web/src/app.css': long,
    'web/src/lib/a.svelte': 'one\n'.repeat(400),
    'web/src/lib/a.test.ts': long,
    'web/messages/exam/fr.json': long,
  })
  expect(size.check.faultsIn(folder)).toEqual(['web/src/app.css: 401 lines'])
})

test('a registry, a folder of one machine and a secret are found', () => {
  const host = 'packages.example.org'
  // In pieces, or this file would be found too.
  const flag = ['--', 'registry'].join('')
  const word = ['change', 'me', 'now'].join('-')
  const folderOfSomebody = ['', 'home', 'somebody'].join('/')
  const folder = repository({
    'package-lock.json': `{\n"resolved": "https://${host}/a.tgz",\n"link": { "resolved": "kernel" }\n}`,
    '.npmrc': `omit-lockfile-registry-resolved=true\nregistry=https://${host}/`,
    Dockerfile: `RUN npm ci ${flag} https://${host}\nWORKDIR /srv/vigie`,
    'docs/a.md': [`postgresql://vigie:${word}@db/vigie`, `cd ${folderOfSomebody}/vigie`].join('\n'),
  })
  expect(traces.check.faultsIn(folder)).toEqual([
    '.npmrc:2: names a registry',
    'Dockerfile:1: names a registry',
    'docs/a.md:1: holds a secret, ://vigie:cha…',
    `docs/a.md:2: names a folder of one machine, ${folderOfSomebody}`,
    'package-lock.json:2: names the registry it was made with',
  ])
})
