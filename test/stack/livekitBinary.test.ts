import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SetUpFailure } from './failure.ts'
import { livekitBinary, livekitVersion } from './livekitBinary.ts'
import { onPath } from './paths.ts'
import { temporaryFolder, type TemporaryFolder } from './temporaryFolder.ts'

let folder: TemporaryFolder
let lines: string[]

beforeEach(async () => {
  folder = await temporaryFolder()
  lines = []
  mkdirSync(join(folder.path, 'bin'))
  // What a system always has, without its Go and its LiveKit.
  for (const name of ['sh', 'tar', 'gzip', 'cat', 'chmod']) {
    script(join(folder.path, 'bin', name), `exec ${onPath(name)[0] ?? name} "$@"`)
  }
})

afterEach(() => folder[Symbol.asyncDispose]())

function script(file: string, body: string): void {
  writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 })
}

function find(releasesUrl = 'http://127.0.0.1:9/releases'): Promise<string> {
  return livekitBinary({
    environment: { PATH: join(folder.path, 'bin'), XDG_CACHE_HOME: join(folder.path, 'cache') },
    platform: 'linux',
    arch: 'x64',
    releasesUrl,
    progress: (line) => lines.push(line),
  })
}

const cached = () => join(folder.path, `cache/vigie/livekit-${livekitVersion}/livekit-server`)
const says = (version: string) => `echo livekit-server version ${version}`

test('a fitting server on PATH is taken, a later or older minor is not', async () => {
  const program = join(folder.path, 'bin/livekit-server')
  script(program, says('1.13.2'))
  expect(await find()).toBe(program)
  for (const version of ['1.12.9', '1.14.0', '11.13.0']) {
    script(program, says(version))
    await expect(find()).rejects.toThrow(/another version/)
  }
})

test('Go builds it into the cache, where the next search finds it', async () => {
  const go = join(folder.path, 'bin/go')
  script(
    go,
    `if [ "$1" = env ]; then echo go1.26.1; exit; fi
[ "$CGO_ENABLED" = 0 ] && [ "$1 $2" = "install github.com/livekit/livekit-server/cmd/server@v${livekitVersion}" ] || exit 1
printf '#!/bin/sh\\n${says(livekitVersion)}\\n' > "$GOBIN/server"; chmod +x "$GOBIN/server"`,
  )
  expect(await find()).toBe(cached())
  script(go, 'exit 1')
  lines = []
  expect(await find()).toBe(cached())
  expect(lines).toEqual([])
  expect(readdirSync(join(cached(), '..'))).toEqual(['livekit-server'])
})

test('when every way is closed, each is named with what to do', async () => {
  script(join(folder.path, 'bin/go'), 'echo go1.25.9')
  const failure = await find().catch((error: unknown) => error)
  if (!(failure instanceof SetUpFailure)) throw new Error('a SetUpFailure was expected')
  expect(failure.message).toMatch(/PATH: no livekit-server/)
  expect(failure.message).toMatch(/Go is go1\.25\.9, 1\.26 is needed/)
  expect(failure.message).toMatch(/download: http:\S+ cannot be reached/)
  expect(failure.remedy).toMatch(/livekit-server/)
})

describe('the release archive', () => {
  const name = `livekit_${livekitVersion}_linux_amd64.tar.gz`

  async function release(sumOf: (archive: Buffer) => string): Promise<{ url: string } & AsyncDisposable> {
    const made = join(folder.path, 'made')
    mkdirSync(made)
    script(join(made, 'livekit-server'), says(livekitVersion))
    execFileSync('tar', ['-czf', join(folder.path, name), '-C', made, 'livekit-server'])
    const archive = readFileSync(join(folder.path, name))
    const files = new Map<string, string | Buffer>([
      [
        `/v${livekitVersion}/checksums.txt`,
        `${'0'.repeat(64)}  another.tar.gz\n${sumOf(archive)}  ${name}\n`,
      ],
      [`/v${livekitVersion}/${name}`, archive],
    ])
    const server = createServer((request, response) => {
      const body = files.get(request.url ?? '')
      response.writeHead(body === undefined ? 404 : 200).end(body)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      [Symbol.asyncDispose]: async () => {
        server.close()
        server.closeAllConnections()
        await once(server, 'close')
      },
    }
  }

  test('is unpacked into the cache when its checksum is the published one', async () => {
    await using source = await release((archive) => createHash('sha256').update(archive).digest('hex'))
    expect(await find(source.url)).toBe(cached())
    expect(execFileSync(cached(), { encoding: 'utf8' })).toContain(livekitVersion)
  })

  test('is thrown away when its checksum is another one', async () => {
    await using source = await release(() => 'f'.repeat(64))
    await expect(find(source.url)).rejects.toThrow(/instead of f{64}; it was thrown away/)
    expect(readdirSync(join(cached(), '..'))).toEqual([])
  })
})
