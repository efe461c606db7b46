/** What a report says, already in words: the file below adds nothing to it. */
export interface ReportWords {
  readonly language: string
  readonly title: string
  readonly verdict: string
  readonly explanation: string
  readonly facts: readonly { readonly name: string; readonly value: string }[]
  readonly columns: {
    readonly item: string
    readonly value: string
    readonly asked: string
    readonly verdict: string
  }
  readonly lines: readonly {
    readonly name: string
    readonly verdict: string
    readonly readings: readonly {
      readonly name: string
      readonly value: string
      readonly asked: string
      readonly verdict: string
    }[]
    readonly remedies: readonly string[]
  }[]
  readonly help: string
  /** The ready text for an IT department, under its title, where the network keeps something back (FUN-08). */
  readonly letter?: { readonly title: string; readonly text: string } | null
  readonly origin: string
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const safe = (text: string): string => text.replace(/[&<>"]/g, (one) => escapes[one] ?? one)

/**
 * The report as one file that opens anywhere and needs nothing else: for a helpdesk, or for a later claim (FUN-10)
 * [CHK-11]. Names of devices come from outside: everything is escaped.
 */
export function reportAsFile(words: ReportWords): string {
  const { columns } = words
  const facts = words.facts
    .map(({ name, value }) => `<tr><th scope="row">${safe(name)}</th><td>${safe(value)}</td></tr>`)
    .join('')
  const lines = words.lines
    .map(({ name, verdict, readings, remedies }) => {
      const rows = readings
        .map(
          (one) =>
            `<tr><td>${safe(one.name)}</td><td>${safe(one.value)}</td><td>${safe(one.asked)}</td><td>${safe(one.verdict)}</td></tr>`,
        )
        .join('')
      const advice = remedies.map((one) => `<p class="do">${safe(one)}</p>`).join('')
      return `<section><h2>${safe(name)} — ${safe(verdict)}</h2><table><thead><tr><th>${safe(columns.item)}</th><th>${safe(columns.value)}</th><th>${safe(columns.asked)}</th><th>${safe(columns.verdict)}</th></tr></thead><tbody>${rows}</tbody></table>${advice}</section>`
    })
    .join('\n')
  const letter = words.letter
    ? `<section><h2>${safe(words.letter.title)}</h2><pre>${safe(words.letter.text)}</pre></section>\n`
    : ''
  return `<!doctype html>
<html lang="${safe(words.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${safe(words.title)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; color: #14213d; background: #fff; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem; margin: 0 0 0.5rem }
h2 { font-size: 1.05rem; margin: 1.5rem 0 0.25rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid #d5dce8; font-weight: 400 }
th[scope="row"], thead th { color: #4a5876 }
.verdict { font-weight: 700 }
.do { margin: 0.5rem 0 }
pre { white-space: pre-wrap; font: inherit }
section { break-inside: avoid }
footer { margin-top: 2rem; color: #4a5876; font-size: 0.875rem }
</style>
</head>
<body>
<h1>${safe(words.title)}</h1>
<p class="verdict">${safe(words.verdict)}</p>
<p>${safe(words.explanation)}</p>
<table><tbody>${facts}</tbody></table>
${lines}
${letter}<footer><p>${safe(words.help)}</p><p>${safe(words.origin)}</p></footer>
</body>
</html>
`
}
