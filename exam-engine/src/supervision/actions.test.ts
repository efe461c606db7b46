import { describe, expect, it } from 'vitest'
import { STATUSES, type AttemptStatus } from '../attempt/state.ts'
import { dayIn, LEAD, ONE_OF_EACH, PROCTOR } from '../attempt/testDay.ts'
import {
  actionsIn,
  consoleRoles,
  rowRefusal,
  statusesOf,
  SUPERVISION_ACTIONS,
  type SupervisionAction,
} from './actions.ts'
import { exists, SITUATIONS } from './testSituations.ts'

const isCommand = (action: SupervisionAction): action is SupervisionAction & keyof typeof ONE_OF_EACH =>
  action in ONE_OF_EACH

describe('actions', () => {
  it.each(Object.keys(SITUATIONS))(
    '[SUP-06.1] %s: offers exactly what the engine does not refuse',
    (situation) => {
      const day = SITUATIONS[situation]!()
      if (!day.state) throw new Error('no attempt')
      for (const by of [PROCTOR, LEAD]) {
        const offered = actionsIn(day.state, by.role)
        for (const action of SUPERVISION_ACTIONS.filter(isCommand)) {
          // A proctor's own candidate: the table is about the status, not about who took whom.
          const actor =
            'proctorId' in day.state && day.state.proctorId === null && action !== 'take' ? LEAD : by
          if (actor !== by) continue
          const refusal = day.refusal(by, ONE_OF_EACH[action].body)
          expect([action, exists(action, refusal)], `${action} by ${by.role}`).toEqual([
            action,
            offered.includes(action),
          ])
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
    expect(having('message'), 'the desk answers before entry, nobody after sealing').toEqual([
      'scheduled',
      'preparing',
      'waiting',
      'checking',
      'unlocked',
      'running',
      'held',
      'closed',
    ])
    expect(having('askScan'), 'nobody at work is asked to walk about').toEqual([
      'checking',
      'unlocked',
      'held',
    ])
    expect(having('askShare')).toEqual(['checking', 'unlocked', 'running', 'held'])
    for (const status of STATUSES) {
      const state = dayIn(status).in(status)
      for (const action of ['note', 'flag', 'warn', 'message', 'speak', 'askScan', 'askShare'] as const) {
        expect(rowRefusal(action, state) === null, `${action} in ${status}`).toBe(
          actionsIn(state).includes(action),
        )
      }
    }
  })
})
