import type { KeptReport } from '@vigie/contract/checks/report'
import { m } from '#lib/paraglide/messages.js'
import { momentInWords, ownZone } from '#lib/shell/moments.ts'
import { stateWord, verdictOfReading } from './lineState.ts'
import type { AskedOfLine } from './networkText.ts'
import { objectionsOf } from './objections.ts'
import type { ReportWords } from './reportFile.ts'
import { thresholdInWords, valueInWords } from './values.ts'
import { causeInWords, itemName, readingName, remedyInWords } from './words.ts'

const ZONE = 'Europe/Paris'

/** What came out, in a sentence and its explanation. */
export const outcomeWords = {
  pass: { tone: 'good', title: m.checks_passed_title, text: m.checks_passed_text },
  warn: { tone: 'warn', title: m.checks_warned_title, text: m.checks_warned_text },
  fail: { tone: 'bad', title: m.checks_failed_title, text: m.checks_failed_text },
  unknown: { tone: 'warn', title: m.checks_incomplete_title, text: m.checks_incomplete_text },
} as const

type Told = Pick<KeptReport, 'number' | 'filedAt' | 'validUntil' | 'certification' | 'policyVersion'>

/** Number, dates and exam of a report. */
export function reportFacts(report: Told, language: string) {
  const moment = (at: number) => momentInWords(at, ZONE, language, ownZone())
  return [
    { name: m.checks_report_number(), value: report.number, figures: true },
    { name: m.checks_report_filed(), value: moment(report.filedAt) },
    ...(report.validUntil === null
      ? []
      : [{ name: m.checks_report_valid(), value: moment(report.validUntil) }]),
    ...(report.certification === null
      ? []
      : [{ name: m.checks_report_certification(), value: report.certification.name }]),
  ]
}

/** What the report's own exam asked of the line; null where the line was not measured. */
export function askedOfLine({ verdicts }: Pick<KeptReport, 'verdicts'>): AskedOfLine | null {
  const readings = verdicts.items.flatMap((line) => line.readings)
  const asked = (name: string) => readings.find((one) => one.name === name)?.threshold
  const [down, up] = [asked('bandwidth-down'), asked('bandwidth-up')]
  return typeof down === 'number' && typeof up === 'number' ? { minDownKbps: down, minUpKbps: up } : null
}

/** The whole report in words, for its page and its file. */
export function reportInWords(report: KeptReport, language: string, origin: string): ReportWords {
  const { overall, items } = report.verdicts
  return {
    language,
    title: m.checks_report_page_title({ number: report.number }),
    verdict: outcomeWords[overall].title(),
    explanation: outcomeWords[overall].text(),
    facts: reportFacts(report, language),
    columns: {
      item: m.checks_report_measure(),
      value: m.checks_report_value(),
      asked: m.checks_report_asked(),
      verdict: m.checks_report_result(),
    },
    lines: items.map((line) => ({
      name: itemName(line.item),
      verdict: stateWord(line.verdict),
      readings: line.readings.map((one) => {
        const verdict = verdictOfReading(one)
        return {
          name: readingName(one.name),
          value: valueInWords(one, language),
          asked: thresholdInWords(one, language) ?? '',
          verdict: verdict === null ? '' : stateWord(verdict),
        }
      }),
      remedies: objectionsOf(line).map(
        ({ readings, remedy }) =>
          `${readings.map(({ cause }) => causeInWords(cause)).join(' ')} ${remedyInWords(remedy)}`,
      ),
    })),
    help: report.helpline.map(({ label, number }) => `${label}${m.checks_colon()} ${number}`).join(' · '),
    origin,
  }
}
