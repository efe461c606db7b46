import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from './temporaryFolder.ts'
import { digestOfSources } from './webBuild.ts'

test('a change of a source calls for a build; what builds, tests and installations leave does not', async () => {
  await using folder = await temporaryFolder()
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder.path, file)), { recursive: true })
    writeFileSync(join(folder.path, file), text)
    return digestOfSources(folder.path)
  }
  const first = write('web/src/routes/+page.svelte', '<h1>Vigie</h1>')

  for (const left of [
    'web/build/index.html',
    'web/.svelte-kit/types/page.ts',
    'web/src/lib/paraglide/messages.js',
    'web/project.inlang/cache/plugin.json',
    'web/node_modules/.vite/deps.js',
    'web/src/lib/clock.test.ts',
    'proctor-server/src/main.ts',
  ]) {
    expect(write(left, 'anything'), left).toBe(first)
  }
  const digests = [
    write('web/src/routes/+page.svelte', '<h1>VIGIE</h1>'),
    write('web/src/routes/+layout.svelte', ''),
    write('web/messages/shell/fr.json', '{}'),
    write('web/project.inlang/settings.json', '{}'),
    write('contract/src/ids.ts', ''),
    write('package-lock.json', '{}'),
  ]
  expect(new Set([first, ...digests]).size).toBe(digests.length + 1)
})
