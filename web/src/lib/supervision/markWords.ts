import type { LedgerLine } from '@vigie/contract/attempt/view'
import type { TimelineMark } from '@vigie/contract/supervision/view'
import { LEDGER_DECIDERS, LEDGER_KINDS } from '@vigie/exam-engine/attempt/ledger'
import { ledgerWords } from '#lib/attempt/ledgerWords.ts'
import { m } from '#lib/paraglide/messages.js'
import { preferences } from '#lib/platform/preferences.svelte.ts'
import { inWords } from '#lib/ui/duration.ts'
import { EVENT } from './eventWords.ts'
import { liveMark } from './live/markWords.ts'
import { reasonWords } from './reasonWords.ts'
import { CATEGORY, EQUIPMENT, ITEM, MARK, PHOTO, SEVERITY } from './words.ts'

type Detail = TimelineMark['detail']

const text = (detail: Detail, key: string): string | null => {
  const value = detail[key]
  return typeof value === 'string' && value !== '' ? value : null
}
const inside = (detail: Detail, key: string): Detail => {
  const value = detail[key]
  return typeof value === 'object' && value !== null ? (value as Detail) : {}
}
/** A word of a table by a code that came over the wire; the code itself where this page does not know it. */
function word(
  table: Readonly<Record<string, (() => string) | { word: () => string }>>,
  code: string | null,
): string | null {
  if (code === null) return null
  const found = Object.hasOwn(table, code) ? table[code] : undefined
  return found === undefined ? code : typeof found === 'function' ? found() : found.word()
}
const TRACK = {
  camera: m.supervision_track_camera,
  microphone: m.supervision_track_microphone,
  screen: m.supervision_track_screen,
}

/** Seconds as people say them, with the sign of a credit or a debit. */
function seconds(detail: Detail): string | null {
  const value = detail['seconds']
  if (typeof value !== 'number') return null
  return `${value < 0 ? '−' : '+'} ${inWords(Math.abs(value) * 1_000, preferences.language)}`
}

/** What belongs to the mark beside its name: which item, which track, why, how much. */
function particulars({ type, detail }: TimelineMark): (string | null)[] {
  switch (type) {
    case 'item-ticked':
      return [word(ITEM, text(detail, 'item')), word(MARK, text(detail, 'mark'))]
    case 'answers-saved':
    case 'late-answers-saved':
      return [text(detail, 'fault') && m.supervision_saved_on_another()]
    case 'media-lost':
    case 'media-back':
      return [word(TRACK, text(detail, 'track'))]
    case 'photo-recorded':
    case 'photo-skipped':
      return [word(PHOTO, text(detail, 'photo'))]
    case 'equipment-recorded':
      return [word(EQUIPMENT, text(detail, 'verdict'))]
    case 'name-confirmed':
      return [detail['exact'] === false ? m.supervision_name_wrong() : null]
    case 'time-changed':
      return entryWords(inside(detail, 'entry'))
    case 'credit-proposed':
      return [seconds(inside(detail, 'proposal')), reasonOf(inside(detail, 'proposal'))]
    case 'proposal-answered':
      return [detail['granted'] === true ? m.supervision_proposal_granted() : m.supervision_proposal_denied()]
    case 'closed':
      return [word(CLOSED, text(inside(detail, 'closing'), 'cause')), reasonOf(inside(detail, 'closing'))]
    case 'flag':
      return [
        word(CATEGORY, text(detail, 'code')),
        word(SEVERITY, text(detail, 'severity')),
        text(detail, 'text'),
      ]
    case 'note':
    case 'warning':
    case 'chat':
      return [text(detail, 'text')]
    default:
      return [reasonOf(detail)]
  }
}

/** The ledger's own line, as the candidate reads it too [TIM-01]. */
function entryWords(entry: Detail): (string | null)[] {
  const { from, to, seconds: changed } = entry
  const kind = LEDGER_KINDS.find((one) => one === entry['kind'])
  const by = deciderOf(inside(entry, 'authority'))
  const reason = text(inside(entry, 'reason'), 'code')
  if (
    kind === undefined ||
    by === undefined ||
    reason === null ||
    typeof from !== 'number' ||
    typeof to !== 'number' ||
    typeof changed !== 'number'
  )
    return [seconds(entry), reasonOf(entry)]
  return [ledgerWords({ kind, from, to, seconds: changed, by, reason }, preferences.language)]
}

function deciderOf(authority: Detail): LedgerLine['by'] | undefined {
  const by = authority['by'] === 'rule' ? 'rule' : text(inside(authority, 'person'), 'role')
  return LEDGER_DECIDERS.find((one) => one === by)
}

const CLOSED = {
  submitted: m.supervision_closing_submitted,
  'time-out': m.supervision_closing_time_out,
  terminated: m.supervision_closing_terminated,
  technical: m.supervision_closing_technical,
}

function reasonOf(detail: Detail): string | null {
  const code = text(inside(detail, 'reason'), 'code')
  return code === null ? null : reasonWords(code)
}

/** A mark of the timeline in words: its name, then what belongs to it. */
export function markWords(mark: TimelineMark): { name: string; more: string } {
  const live = liveMark(mark)
  if (live) return live
  const known = Object.hasOwn(EVENT, mark.type) ? EVENT[mark.type as keyof typeof EVENT] : undefined
  const name = known?.() ?? m.supervision_timeline_other({ type: mark.type })
  return {
    name,
    more: particulars(mark)
      .filter((part) => part !== null)
      .join(' · '),
  }
}
