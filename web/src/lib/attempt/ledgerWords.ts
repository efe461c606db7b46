import type { LedgerLine } from '@vigie/contract/attempt/view'
import { m } from '#lib/paraglide/messages.js'
import { ownZone, secondOfDay } from '#lib/shell/moments.ts'
import { reasonWords } from '#lib/supervision/reasonWords.ts'
import { inWords } from '#lib/ui/duration.ts'

/** A line of a view, or of a receipt, which says no more than that a person decided. */
export type ToldLine = Omit<LedgerLine, 'number' | 'by'> & {
  readonly by?: LedgerLine['by'] | 'person'
}

const KINDS: Readonly<Record<LedgerLine['kind'], () => string>> = {
  hold: m.attempt_ledger_hold,
  break: m.attempt_ledger_break,
  outage: m.attempt_ledger_outage,
  'candidate-outage': m.attempt_ledger_candidate_outage,
  added: m.attempt_ledger_added,
  removed: m.attempt_ledger_removed,
  reactivation: m.attempt_ledger_reactivation,
}

const BY: Readonly<Record<NonNullable<ToldLine['by']>, () => string>> = {
  rule: m.attempt_ledger_by_rule,
  person: m.attempt_ledger_by_person,
  candidate: m.attempt_ledger_by_candidate,
  proctor: m.attempt_ledger_by_proctor,
  lead: m.attempt_ledger_by_lead,
  reviewer: m.attempt_ledger_by_reviewer,
  registrar: m.attempt_ledger_by_registrar,
  system: m.attempt_ledger_by_system,
}

/** Each kind that a rule credits has one rule [TIM-02]. */
const RULES: Readonly<Partial<Record<LedgerLine['kind'], () => string>>> = {
  hold: m.attempt_ledger_by_rule_hold,
  break: m.attempt_ledger_by_rule_break,
  outage: m.attempt_ledger_by_rule_outage,
  reactivation: m.attempt_ledger_by_rule_reactivation,
}

/** « + 2 min 10 s » */
export function changeWords(seconds: number, language: string): string {
  const duration = inWords(Math.abs(seconds) * 1_000, language)
  return (seconds < 0 ? m.attempt_ledger_debit : m.attempt_ledger_credit)({ duration })
}

/**
 * One change of the time, the same words for candidate, proctor and reviewer [TIM-01]: how much, what, when, by which
 * rule or by whom (a role, never a name), and the reason.
 */
export function ledgerWords(line: ToldLine, language: string): string {
  const moment = (at: number) => secondOfDay(at, ownZone(), language)
  return m.attempt_ledger_line({
    change: changeWords(line.seconds, language),
    what: KINDS[line.kind](),
    when: line.from === line.to ? moment(line.from) : `${moment(line.from)} – ${moment(line.to)}`,
    by: ((line.by === 'rule' && RULES[line.kind]) || BY[line.by ?? 'person'])(),
    reason: reasonWords(line.reason),
  })
}
