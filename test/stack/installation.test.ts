import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { holdsWhatIsLocked, outerEnvironment, rememberInstall, whyInstall } from './installation.mjs'

const lock = {
  packages: {
    '': { name: 'vigie' },
    kernel: { version: '0.1.0' },
    'node_modules/@vigie/kernel': { resolved: 'kernel', link: true },
    'node_modules/pg': { version: '8.0.0', integrity: 'sha512-a' },
    'node_modules/for-another-system': { version: '1.0.0', optional: true },
  },
}
const put = {
  packages: {
    kernel: { version: '0.1.0' },
    'node_modules/@vigie/kernel': { resolved: 'kernel', link: true },
    'node_modules/pg': { version: '8.0.0', integrity: 'sha512-a' },
  },
}

describe('what npm put there against the lock file', () => {
  test('packages for other systems may lack', () => {
    expect(holdsWhatIsLocked(JSON.stringify(lock), JSON.stringify(put))).toBe(true)
  })

  test('a missing package, another version and other contents call for an installation', () => {
    const variants = [
      undefined,
      { version: '7.9.0', integrity: 'sha512-a' },
      { version: '8.0.0', integrity: 'sha512-b' },
    ]
    for (const pg of variants) {
      const other = { packages: { ...put.packages, 'node_modules/pg': pg } }
      expect(holdsWhatIsLocked(JSON.stringify(lock), JSON.stringify(other))).toBe(false)
    }
  })
})

describe('a checkout', () => {
  let root: string

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'vigie-installation-'))
    writeFileSync(
      join(root, 'package.json'),
      JSON.stringify({ dependencies: { node: process.version.slice(1) } }),
    )
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock))
  })

  afterEach(() => rmSync(root, { recursive: true }))

  function pretendInstalled(): void {
    mkdirSync(join(root, 'node_modules/.bin'), { recursive: true })
    symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'))
  }

  test('without node_modules is installed', () => {
    expect(whyInstall(root)).toMatch(/not installed yet/)
  })

  test('whose installation was cut short is installed', () => {
    mkdirSync(join(root, 'node_modules'))
    expect(whyInstall(root)).toMatch(/not installed completely/)
  })

  test('is left alone after an installation, until its lock file changes', () => {
    pretendInstalled()
    rememberInstall(root)
    expect(whyInstall(root)).toBeUndefined()
    writeFileSync(
      join(root, 'package-lock.json'),
      JSON.stringify({ packages: { ...lock.packages, 'node_modules/new': {} } }),
    )
    expect(whyInstall(root)).toMatch(/older than package-lock/)
  })

  test('that somebody installed by hand is left alone', () => {
    pretendInstalled()
    writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify(put))
    expect(whyInstall(root)).toBeUndefined()
  })

  test('copied with the packages of another Node is installed', () => {
    mkdirSync(join(root, 'node_modules/.bin'), { recursive: true })
    writeFileSync(join(root, 'node_modules/.bin/node'), '#!/bin/sh\necho v20.19.0\n', { mode: 0o755 })
    rememberInstall(root)
    expect(whyInstall(root)).toMatch(/not installed completely/)
  })
})

test("npm ci runs on the machine's own Node and knows nothing of the run that called it", () => {
  const inner = outerEnvironment({
    PATH: '/home/me/vigie/node_modules/.bin:/home/node_modules/.bin:/usr/bin:/opt/node_modules/tools',
    npm_lifecycle_event: 'prestart',
    npm_config_workspace: 'web',
    npm_config_cache: '/home/me/.npm',
    LANG: 'fr_FR.UTF-8',
  })
  expect(inner).toEqual({
    PATH: '/usr/bin:/opt/node_modules/tools',
    npm_config_cache: '/home/me/.npm',
    LANG: 'fr_FR.UTF-8',
  })
})
