import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { filesOf, textOf } from './tree.ts'
import { run, type Check, type Fault } from './report.ts'

const isDocument = (path: string): boolean =>
  /^(README|CONTRIBUTING)\.md$/.test(path) ||
  /^docs\/.*\.md$/.test(path) ||
  /(^|\/)(SPEC|PAIRS)\.md$/.test(path)

/** As GitHub makes it: lower case, no punctuation, hyphens for spaces. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
    .replaceAll(/\s/g, '-')

function anchorsOf(text: string): Set<string> {
  return new Set(
    [...withoutBlocks(text).matchAll(/^#{1,6}\s+(.*)$/gm)].map((match) => anchorOf(match[1] ?? '')),
  )
}

/** Blocks of code show commands and samples: not links. */
const withoutBlocks = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, '')

/** `[words](target)`, `src="target"`, `srcset="target"`, `href="target"`. */
function linksOf(text: string): string[] {
  const prose = withoutBlocks(text).replaceAll(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(<?([^)>\s]+)>?\)|(?:src|srcset|href)="([^"]+)"/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  )
}

/** What stands between back quotes and looks like a path: `docs/operations.md`, `contract/src/ids.ts`, `deploy/`. */
function pathsOf(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)]
    .map((match) => match[1] ?? '')
    .filter(
      (span) => /^\.?[\w@.-]+(\/[\w@.()+[\]-]+)*\/?$/.test(span) && /\/|\.(md|json|ts|js|yml)$/.test(span),
    )
}

/** `npm run name` and `npm test`, wherever they stand. */
function scriptsOf(text: string): string[] {
  return [...text.matchAll(/\bnpm (?:run (?:--silent )?([\w:-]+)|(start|test))\b(?![^`\n]* -w )/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  )
}

function faultsOf(
  root: string,
  path: string,
  top: ReadonlySet<string>,
  scripts: ReadonlySet<string>,
): Fault[] {
  const text = textOf(root, path)
  const faults: Fault[] = []
  for (const link of linksOf(text)) {
    if (/^(https?|mailto):/.test(link)) continue
    const [file = '', anchor] = decodeURI(link).split('#')
    const target = file === '' ? path : normalize(join(dirname(path), file))
    if (!existsSync(join(root, target))) faults.push(`${path}: the link to ${link} leads nowhere`)
    else if (anchor !== undefined && target.endsWith('.md') && !anchorsOf(textOf(root, target)).has(anchor))
      faults.push(`${path}: ${target} has no heading « ${anchor} »`)
  }
  for (const span of pathsOf(text)) {
    // A path counts from the root, or from the document's own folder; other words with a slash are no paths.
    const first = span.split('/')[0] ?? ''
    const near = existsSync(join(root, dirname(path), first))
    if (!top.has(first) && !near && span.includes('/')) continue
    if (!existsSync(join(root, span)) && !existsSync(join(root, dirname(path), span)) && span.includes('/'))
      faults.push(`${path}: there is no ${span}`)
  }
  for (const script of scriptsOf(text))
    if (!scripts.has(script)) faults.push(`${path}: package.json has no script « ${script} »`)
  return faults
}

export const check: Check = {
  rule: 'Documents name only what exists',
  remedy: 'correct the path, the link or the command, or make what it promises',
  faultsIn(root) {
    const files = filesOf(root)
    const top = new Set(files.map((path) => path.split('/')[0] ?? ''))
    const { scripts } = JSON.parse(textOf(root, 'package.json')) as { scripts: Record<string, string> }
    return files
      .filter(isDocument)
      .flatMap((path) => faultsOf(root, path, top, new Set(Object.keys(scripts))))
  },
}

if (import.meta.main) run(check)
