import { describe, expect, it } from 'vitest'
import pairs from '../../PAIRS.md?raw'
import { PERMITTED } from './permitted.ts'
import { STATUSES, type AttemptStatus } from './state.ts'
import { dayIn, ExamDay, ONE_OF_EACH, STRANGER } from './testDay.ts'

const rows = pairs
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
const [heading = [], , ...body] = rows
const outcomes = new Map(body.map(([command = '', ...cells]) => [command, cells]))
/** Asking changes nothing, so that one day of each serves all questions. */
const days = Object.fromEntries(STATUSES.map((status) => [status, dayIn(status)])) as Record<
  AttemptStatus,
  ExamDay
>
const commands = Object.keys(ONE_OF_EACH) as (keyof typeof ONE_OF_EACH)[]

function outcome(command: keyof typeof ONE_OF_EACH, status: AttemptStatus): string {
  const { by, body } = ONE_OF_EACH[command]
  const decision = days[status].ask(by, body)
  if (!decision.ok) return decision.refusal.code
  return decision.value.map(({ type }) => `**${type}**`).join(' ') || '**—**'
}

describe('every command in every status', () => {
  it('[ATT-01.1] PAIRS.md has a column for each status and a row for each command', () => {
    expect(heading).toEqual(['command', ...STATUSES])
    expect([...outcomes.keys()]).toEqual(commands)
  })

  it.each(commands)('[ATT-01.1] %s', (command) => {
    expect(STATUSES.map((status) => outcome(command, status))).toEqual(outcomes.get(command))
  })

  it('[ATT-01.1] nothing but scheduling exists without an attempt', () => {
    for (const command of commands) {
      const { by, body } = ONE_OF_EACH[command]
      const expected = command === 'schedule' ? null : 'attempt-unknown'
      expect(new ExamDay().refusal(by, body), command).toBe(expected)
    }
  })

  it('[ATT-01.2] a role without the command is refused before anything else is told', () => {
    const people = Object.values(ONE_OF_EACH).map(({ by }) => by)
    for (const command of commands) {
      for (const by of people.filter(({ role }) => !PERMITTED[command][role])) {
        for (const status of STATUSES) {
          const refusal = days[status].refusal(by, ONE_OF_EACH[command].body)
          expect(refusal, `${command} by ${by.role} in ${status}`).toBe('not-permitted')
        }
      }
    }
  })

  it('[ATT-01.2] another candidate is refused everything, in every status', () => {
    for (const command of commands.filter((type) => PERMITTED[type].candidate)) {
      for (const status of STATUSES) {
        const refusal = days[status].refusal(STRANGER, ONE_OF_EACH[command].body)
        expect(refusal, `${command} in ${status}`).toBe('not-yours')
      }
    }
  })
})
