/**
 * What `npm start`, `npm test` and their like do first, on whatever Node the machine has: look at that Node's
 * version, and install the packages when they are missing or older than package-lock.json. Afterwards npm's
 * scripts find the Node of this project, 26, in node_modules/.bin.
 *
 * Plain JavaScript without a dependency, for it runs before there are any; this first file in words that even a
 * very old Node reads, so that its owner is told what to do.
 */
import { fileURLToPath } from 'url'

const [major = 0, minor = 0] = process.version.slice(1).split('.').map(Number)

if (major > 20 || (major === 20 && minor >= 19)) {
  void import('./installation.mjs').then((installation) => {
    installation.ensureInstalled(fileURLToPath(new URL('../..', import.meta.url)))
  })
} else {
  console.error(
    '✗ this Node is ' +
      process.version +
      '; 20.19 or later is needed to begin\n' +
      "  What to do: install a current Node (https://nodejs.org, or your system's package), then run the same command again",
  )
  process.exitCode = 1
}
