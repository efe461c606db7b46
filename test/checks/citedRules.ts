import ts from 'typescript'
import { filesOf, textOf } from './tree.ts'
import { run, type Check } from './report.ts'

/** A rule begins its line in a SPEC: `- **ATT-01.1** …` or `- [CHK-02] …`. */
const ruleLine = /^- (?:\*\*|\[)([A-Z]{2,4}-\d{2}(?:\.\d+)?)(?:\*\*|\])(.*(?:\n(?!- |#|\n).*)*)/gm
const id = /[A-Z]{2,4}-\d{2}(?:\.\d+)?/g
const later = '(later)'

/** The rules of one SPEC that a test must prove: all but those that say `(later)`, which an issue to come owns. */
export function rulesOf(spec: string): string[] {
  const rules = [...spec.matchAll(ruleLine)]
  return [...new Set(rules.filter(([, , text]) => !text?.includes(later)).map(([, rule]) => rule ?? ''))]
}

/** Every rule that the titles of a test file cite between brackets: `[ATT-07.1] …`, `[TIM-02.1, TIM-02.3] …`. */
export function citationsOf(testFile: string): string[] {
  const cited: string[] = []
  const visit = (node: ts.Node): void => {
    const title = ts.isCallExpression(node) && isTest(node.expression) ? node.arguments[0] : undefined
    if (title && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title)))
      for (const [brackets] of title.getText().matchAll(/\[[^\]]*\]/g))
        cited.push(...(brackets.match(id) ?? []))
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('a.test.ts', testFile, ts.ScriptTarget.Latest, true))
  return cited
}

/** `test`, `it`, `describe`, and what is called on them: `test.each(…)`, `test.for(…)`. */
function isTest(called: ts.Expression): boolean {
  if (ts.isIdentifier(called)) return ['test', 'it', 'describe'].includes(called.text)
  if (ts.isPropertyAccessExpression(called) || ts.isCallExpression(called)) return isTest(called.expression)
  return false
}

export const check: Check = {
  rule: 'Every rule of a SPEC is cited by a test',
  remedy:
    'cite the rule in the title of the test that proves it ([ATT-07.1] …), or mark it (later) in its SPEC.md',
  faultsIn(root) {
    const files = filesOf(root)
    const cited = new Set(
      files
        .filter((path) => /\.(test|spec)\.ts$/.test(path))
        .flatMap((path) => citationsOf(textOf(root, path))),
    )
    return files
      .filter((path) => path.endsWith('SPEC.md'))
      .flatMap((path) =>
        rulesOf(textOf(root, path))
          .filter((rule) => !cited.has(rule))
          .map((rule) => `${path}: no test cites ${rule}`),
      )
  },
}

if (import.meta.main) run(check)
