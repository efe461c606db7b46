import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SetUpFailure } from './failure.ts'
import { temporaryFolder, type TemporaryFolder } from './temporaryFolder.ts'
import { versitygwBinary, versitygwVersion } from './versitygwBinary.ts'

let folder: TemporaryFolder

beforeEach(async () => {
  folder = await temporaryFolder()
  mkdirSync(join(folder.path, 'bin'))
})
afterEach(() => folder[Symbol.asyncDispose]())

function script(name: string, body: string): string {
  const file = join(folder.path, 'bin', name)
  writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 })
  return file
}

const find = () =>
  versitygwBinary({
    environment: { PATH: join(folder.path, 'bin') + ':/bin', XDG_CACHE_HOME: join(folder.path, 'cache') },
    progress: () => undefined,
  })

test('the same version on PATH is taken', async () => {
  const program = script('versitygw', `echo "Version  : v${versitygwVersion}"`)
  expect(await find()).toBe(program)
})

test('Go builds it into the cache, where the next search finds it', async () => {
  script('versitygw', 'echo "Version  : v0.1.0"')
  script(
    'go',
    `if [ "$1" = env ]; then echo go1.26.8; exit; fi
[ "$1 $2" = "install github.com/versity/versitygw/cmd/versitygw@v${versitygwVersion}" ] || exit 1
printf '#!/bin/sh\\necho Version\\n' > "$GOBIN/versitygw"; chmod +x "$GOBIN/versitygw"`,
  )
  const cached = join(folder.path, `cache/vigie/versitygw-${versitygwVersion}/versitygw`)
  expect(await find()).toBe(cached)
  script('go', 'exit 1')
  expect(await find()).toBe(cached)
  expect(readdirSync(join(cached, '..'))).toEqual(['versitygw'])
})

test('when every way is closed, each is named with what to do', async () => {
  script('go', 'echo go1.20.1')
  const failure = await find().catch((error: unknown) => error)
  if (!(failure instanceof SetUpFailure)) throw new Error('a SetUpFailure was expected')
  expect(failure.message).toMatch(/PATH: no versitygw/)
  expect(failure.message).toMatch(/Go is go1\.20\.1, 1\.26 is needed/)
  expect(failure.remedy).toMatch(/versitygw/)
})
