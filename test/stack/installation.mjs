import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Why the packages of a checkout must be installed, or undefined when they are there.
 * @param {string} root the checkout's folder
 * @returns {string | undefined}
 */
export function whyInstall(root) {
  if (!existsSync(join(root, 'node_modules'))) return 'the packages are not installed yet'
  if (!nodeOfTheProject(root)) return 'the packages are not installed completely'
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
  if (readIfThere(markerOf(root)) === hashOf(lock)) return undefined
  // Somebody may have installed by hand: npm leaves a list of what it put there.
  const put = readIfThere(join(root, 'node_modules/.package-lock.json'))
  if (put === undefined || !holdsWhatIsLocked(lock, put))
    return 'the packages are older than package-lock.json'
  return undefined
}

/**
 * Whether every package of the lock file is among those installed, in the same version. Packages for other
 * systems are optional and may lack.
 * @param {string} lock text of package-lock.json
 * @param {string} put text of node_modules/.package-lock.json
 */
export function holdsWhatIsLocked(lock, put) {
  /** @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean }} Entry */
  /** @type {{ packages: Record<string, Entry> }} */
  const { packages: wanted } = JSON.parse(lock)
  /** @type {{ packages: Record<string, Entry> }} */
  const { packages: found } = JSON.parse(put)
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true
    const there = found[path]
    if (there === undefined) return entry.optional === true
    return there.version === entry.version && there.integrity === entry.integrity
  })
}

/**
 * Remembers which lock file the packages were installed from.
 * @param {string} root
 */
export function rememberInstall(root) {
  writeFileSync(markerOf(root), hashOf(readFileSync(join(root, 'package-lock.json'), 'utf8')))
}

/**
 * The environment for an npm that must not take itself for the one which runs us: neither this project's Node,
 * which it is about to replace, nor the outer run's workspaces and script names.
 * @param {NodeJS.ProcessEnv} environment
 */
export function outerEnvironment(environment) {
  const path = (environment['PATH'] ?? '').split(delimiter)
  const kept = Object.entries(environment).filter(
    ([name]) =>
      !/^npm_(lifecycle|package|command|config_(workspaces?|include_workspace_root|omit|production)$)/i.test(
        name,
      ),
  )
  return {
    ...Object.fromEntries(kept),
    PATH: path.filter((folder) => !/[\\/]node_modules[\\/]\.bin[\\/]?$/.test(folder)).join(delimiter),
  }
}

/** @param {string} root */
function markerOf(root) {
  return join(root, 'node_modules/.vigie-installed')
}

/** @param {string} text */
function hashOf(text) {
  return createHash('sha256').update(`${process.platform} ${process.arch}\n${text}`).digest('hex')
}

/**
 * @param {string} file
 * @returns {string | undefined}
 */
function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/**
 * Whether the Node that the project pins answers from node_modules/.bin.
 * @param {string} root
 */
function nodeOfTheProject(root) {
  /** @type {{ dependencies: { node: string } }} */
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  try {
    const version = execFileSync(join(root, 'node_modules/.bin/node'), ['--version'], { encoding: 'utf8' })
    return version.trim() === `v${dependencies.node}`
  } catch {
    return false
  }
}

/**
 * The process that runs a stack from this checkout now, if one does: its packages must not be pulled away.
 * @param {string} root
 * @returns {number | undefined}
 */
function runningStack(root) {
  try {
    /** @type {{ pid: number }} */
    const { pid } = JSON.parse(readFileSync(join(root, '.vigie/running.json'), 'utf8'))
    process.kill(pid, 0)
    return pid
  } catch {
    return undefined
  }
}

/**
 * @param {string} message
 * @param {string} remedy
 * @returns {never}
 */
function refuse(message, remedy) {
  console.error(`✗ ${message}\n  What to do: ${remedy}`)
  process.exit(1)
}

/**
 * Installs the packages of a checkout when that is needed, or ends the process with a word on what to do.
 * @param {string} root
 */
export function ensureInstalled(root) {
  if (process.platform === 'win32') {
    refuse('Vigie is developed on Linux and macOS', 'on Windows, use it inside WSL 2 (wsl --install)')
  }
  const why = whyInstall(root)
  if (why === undefined) return
  const occupant = runningStack(root)
  if (occupant !== undefined) {
    console.log(
      `· ${why}, but a Vigie runs from here (process ${occupant}): they are left alone until it stops`,
    )
    return
  }
  console.log(`· ${why}: npm ci (a minute or so)`)
  const started = performance.now()
  const { error, status } = spawnSync(
    'npm',
    ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      env: outerEnvironment(process.env),
      stdio: 'inherit',
    },
  )
  if (error !== undefined || status !== 0) {
    refuse(
      `npm ci failed${error === undefined ? '' : `: ${error.message}`}`,
      "read npm's lines above; most often the network or the disk is full, then the same command works later",
    )
  }
  if (!nodeOfTheProject(root)) {
    refuse(
      "npm ci ended well, but the project's Node does not start (node_modules/.bin/node)",
      'see whether npm may run install scripts here (npm config get ignore-scripts must say false), and whether there is a Node for this system',
    )
  }
  rememberInstall(root)
  console.log(`· the packages are installed (${((performance.now() - started) / 1000).toFixed(0)} s)`)
}
