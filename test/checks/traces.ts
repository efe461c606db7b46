import { filesOf, textOf } from './tree.ts'
import { run, type Check, type Fault } from './report.ts'

const binary = /\.(png|jpe?g|webp|ico|woff2?|wasm|tflite|task|mp4|y4m|zip)$/
/** Somebody's own folder: what works there works nowhere else. */
const home = /(?<![\w.~-])\/(?:home|Users|root|work)\/[\w.-]+/g
/** A personal access to something, forgotten in a file. */
const credential =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:ghp|gho|npm)_[A-Za-z0-9]{30,}|:\/\/[^/\s:@'"`{}$<>]+:[^/\s:@'"`{}$<>]{8,}@(?!127\.0\.0\.1|localhost|postgres\b|host\b)/g

function faultsOf(path: string, text: string): Fault[] {
  const faults: Fault[] = []
  text.split('\n').forEach((line, at) => {
    const where = `${path}:${at + 1}`
    // The lock names versions and digests; where they are fetched from is each machine's own setting.
    if (path.endsWith('package-lock.json') && /"resolved": "https?:/.test(line))
      faults.push(`${where}: names the registry it was made with`)
    if (path.endsWith('.npmrc') && /^\s*(@[\w-]+:)?registry\s*=|_auth|proxy\s*=/i.test(line))
      faults.push(`${where}: names a registry`)
    if (/--registry[ =]/.test(line)) faults.push(`${where}: names a registry`)
    // Tests invent folders.
    for (const [found] of /\.test\.ts$/.test(path) ? [] : line.matchAll(home))
      faults.push(`${where}: names a folder of one machine, ${found}`)
    for (const [found] of line.matchAll(credential))
      faults.push(`${where}: holds a secret, ${found.slice(0, 12)}…`)
  })
  return faults
}

export const check: Check = {
  rule: 'Nothing in the tree belongs to one machine or one network',
  remedy:
    "leave registries to each machine's own settings, find folders from import.meta.dirname, keep secrets out",
  faultsIn: (root) =>
    filesOf(root)
      .filter((path) => !binary.test(path))
      .flatMap((path) => faultsOf(path, textOf(root, path))),
}

if (import.meta.main) run(check)
