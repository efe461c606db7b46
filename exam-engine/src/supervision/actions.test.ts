import { describe, expect, it } from 'vitest'
import { STATUS_REFUSALS } from '../attempt/refusals.ts'
import { STATUSES, type AttemptStatus } from '../attempt/state.ts'
import { CANDIDATE, dayIn, ExamDay, LEAD, ONE_OF_EACH, PROCTOR, SYSTEM } from '../attempt/testDay.ts'
import {
  actionsIn,
  consoleRoles,
  statusesOf,
  SUPERVISION_ACTIONS,
  type SupervisionAction,
} from './actions.ts'

const note = null

/** Days that differ in more than their status. */
const situations: Readonly<Record<string, () => ExamDay>> = {
  ...Object.fromEntries(STATUSES.map((status) => [status, () => dayIn(status)])),
  'end requested': () => {
    const day = dayIn('running')
    day.tell(CANDIDATE, { type: 'requestEnd', lastNumber: 0 })
    return day
  },
  objected: () => {
    const day = dayIn('running')
    day.tell(CANDIDATE, { type: 'requestEnd', lastNumber: 0 })
    day.tell(PROCTOR, { type: 'objectToEnd', reason: { code: 'many-blanks', note } })
    return day
  },
  'hold pending': () => {
    const day = dayIn('running')
    day.tell(PROCTOR, { type: 'hold', reason: { code: 'alarm', note } })
    return day
  },
  'proctor gone': () => {
    const day = dayIn('running')
    day.tell(SYSTEM, { type: 'release', reason: { code: 'proctor-gone', note } })
    return day
  },
  proposal: () => {
    const day = dayIn('running').after(30)
    day.disconnect()
    day.after(30).connect()
    return day
  },
  terminated: () => {
    const day = dayIn('running')
    day.disconnect()
    day.tell(PROCTOR, { type: 'terminate', reason: { code: 'impersonation', note } })
    return day
  },
  published: () => {
    const day = dayIn('sealed')
    day.tell(SYSTEM, { type: 'publishResult' })
    return day
  },
}

/** Codes that say that the action does not exist now, rather than that its particulars are wrong. */
const ABSENT = new Set<string>([
  ...STATUS_REFUSALS,
  'not-permitted',
  'end-not-requested',
  'already-objected',
  'hold-pending',
  'not-held',
  'result-published',
])

const isCommand = (action: SupervisionAction): action is SupervisionAction & keyof typeof ONE_OF_EACH =>
  action in ONE_OF_EACH

describe('actions', () => {
  it.each(Object.keys(situations))(
    '[SUP-06.1] %s: offers exactly what the engine does not refuse',
    (situation) => {
      const day = situations[situation]!()
      if (!day.state) throw new Error('no attempt')
      for (const by of [PROCTOR, LEAD]) {
        const offered = actionsIn(day.state, by.role)
        for (const action of SUPERVISION_ACTIONS.filter(isCommand)) {
          // A proctor's own candidate: the table is about the status, not about who took whom.
          const actor =
            'proctorId' in day.state && day.state.proctorId === null && action !== 'take' ? LEAD : by
          if (actor !== by) continue
          const refusal = day.refusal(by, ONE_OF_EACH[action].body)
          const exists = refusal === null || !(ABSENT.has(refusal) || refusal === absentCode(action))
          expect([action, exists], `${action} by ${by.role}`).toEqual([action, offered.includes(action)])
        }
      }
    },
  )

  it('[SUP-06] what is a lead’s alone', () => {
    const alone = SUPERVISION_ACTIONS.filter((action) => !consoleRoles(action).includes('proctor'))
    expect(alone).toEqual(['removeTime', 'closeAsTechnical', 'reactivate'])
    for (const action of SUPERVISION_ACTIONS) {
      const lead = statusesOf(action, 'lead')
      expect(
        statusesOf(action, 'proctor').every((status) => lead.includes(status)),
        action,
      ).toBe(true)
    }
  })

  it('[SUP-06] notes and flags can be made until the end and after it, warnings while somebody is there', () => {
    const having = (action: SupervisionAction): AttemptStatus[] =>
      STATUSES.filter((status) => actionsIn(dayIn(status).in(status)).includes(action))
    expect(having('note')).toContain('sealed')
    expect(having('flag')).toContain('refused')
    expect(having('warn')).toEqual(['checking', 'unlocked', 'running', 'held'])
    expect(having('message')).not.toContain('scheduled')
  })
})

/** Refusals about particulars elsewhere, which for this action mean that there is nothing to act on. */
function absentCode(action: SupervisionAction): string | null {
  switch (action) {
    case 'take':
      return 'already-taken'
    case 'release':
      return 'not-taken'
    case 'answerProposal':
      return 'proposal-unknown'
    case 'reactivate':
      return 'never-started'
    default:
      return null
  }
}
