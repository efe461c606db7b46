import { SECOND } from '@vigie/kernel/instant'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide } from '../attempt/decide.ts'
import { STATUSES } from '../attempt/state.ts'
import { CANDIDATE, dayIn, ExamDay, LEAD } from '../attempt/testDay.ts'
import type { Body } from '../attempt/testDay.ts'
import { CHECKLIST_ITEMS } from './checklist.ts'
import { nextMove, type Move, type ScriptLine, type ScriptMemory } from './scriptedProctor.ts'

const NOTHING: ScriptMemory = { said: [], heardAt: null, shown: null, call: null }

/** The command a move is, where it is one of the attempt. */
function commandOf(move: Move): Body | null {
  switch (move.act) {
    case 'take':
      return { type: 'take', load: 0 }
    case 'tick':
      return { type: 'tick', item: move.item, mark: 'ok', note: null }
    case 'unlock':
      return { type: 'unlock', checklistVersion: move.checklistVersion }
    case 'agreeToEnd':
      return { type: 'agreeToEnd' }
    case 'resume':
      return { type: 'resume', credit: null }
    default:
      return null
  }
}

/** Lets the script act as long as it has something to do; the candidate answers what is asked after `answers` seconds. */
function play(day: ExamDay, answers: number | null = 20): { memory: ScriptMemory; acts: Move['act'][] } {
  let memory = NOTHING
  const acts: Move['act'][] = []
  for (let due = nextMove(day.state!, memory); due; due = nextMove(day.state!, memory)) {
    const { shown } = memory
    if (shown && shown.settledAt === null && answers !== null) {
      memory = { ...memory, shown: { ...shown, settledAt: shown.askedAt + answers * SECOND } }
      continue
    }
    if (acts.length > 40) throw new Error(`the script never rests: ${acts.join(', ')}`)
    const { at, move } = due
    day.at(Math.max(day.now, at))
    acts.push(move.act)
    const command = commandOf(move)
    if (command) day.tell(LEAD, command)
    if (move.act === 'ask') memory = { ...memory, shown: { askedAt: at, settledAt: null } }
    if (move.act === 'withdraw') memory = { ...memory, shown: { ...memory.shown!, settledAt: at } }
    if (move.say) memory = { ...memory, said: [...memory.said, move.say] }
  }
  return { memory, acts }
}

const ticks = CHECKLIST_ITEMS.map(() => 'tick')

describe('the scripted proctor of a rehearsal', () => {
  it('[CHK-13.2] takes, greets, asks to see something, ticks what the policy asks, unlocks', () => {
    const day = dayIn('waiting')
    const { acts, memory } = play(day)
    expect(acts).toEqual(['take', 'ask', ...ticks, 'unlock'])
    expect(memory.said).toEqual(['greet', 'show', 'thanks', 'unlocked'])
    expect(day.in('unlocked').since - dayIn('waiting').in('waiting').since).toBeLessThan(60 * SECOND)
  })

  it('[CHK-13.2] does not wait for ever for what it asked to see', () => {
    const day = dayIn('waiting')
    expect(play(day, null).acts).toEqual(['take', 'ask', 'withdraw', ...ticks, 'unlock'])
    expect(day.state?.status).toBe('unlocked')
  })

  it('[CHK-13.2] ticks nothing that the policy has off', () => {
    const { terms } = dayIn('waiting')
    const day = dayIn('waiting', { checklist: { ...terms.checklist, 'room-scan': 'off' } })
    expect(play(day).acts.filter((act) => act === 'tick')).toHaveLength(CHECKLIST_ITEMS.length - 1)
    expect(day.state?.status).toBe('unlocked')
  })

  it('[CHK-13.2] agrees to the end once it is asked for, and never before', () => {
    const day = dayIn('running')
    expect(nextMove(day.state!, NOTHING)).toBeNull()
    day.tell(CANDIDATE, { type: 'requestEnd', lastNumber: 0 })
    expect(play(day).acts).toEqual(['agreeToEnd'])
    expect(day.in('sealed').closing.cause).toBe('submitted')
  })

  it('[CHK-13.2] goes on after a hold once everything is shared again', () => {
    const day = dayIn('running')
    day.tell(CANDIDATE, { type: 'mediaLost', track: 'camera' })
    day.after(day.terms.mediaGraceSeconds).expire()
    day.tell(CANDIDATE, { type: 'acknowledgeHold' })
    expect(nextMove(day.in('held'), NOTHING)).toBeNull()
    day.after(5).tell(CANDIDATE, { type: 'mediaBack', track: 'camera' })
    expect(play(day).acts).toEqual(['resume'])
    expect(day.state?.status).toBe('running')
  })

  it('[CHK-13.2] answers the first line and every call', () => {
    const { state, now } = dayIn('running')
    const call = { kind: 'doorbell', at: now } as const
    expect(nextMove(state!, { ...NOTHING, heardAt: now })?.move).toEqual({ act: 'speak', say: 'heard' })
    expect(nextMove(state!, { ...NOTHING, heardAt: now, said: ['heard'] })).toBeNull()
    expect(nextMove(state!, { ...NOTHING, call })?.move).toEqual({
      act: 'answerCall',
      granted: true,
      say: 'called',
    })
    // A break is a hold and a visit of the room: nothing a script should decide.
    expect(
      nextMove(state!, { ...NOTHING, said: ['called'], call: { ...call, kind: 'break' } })?.move,
    ).toEqual({ act: 'answerCall', granted: false, say: null })
  })

  it('[CHK-13.2] only ever does what the engine grants, in whatever status, and never ends an exam by itself', () => {
    const line = fc.constantFrom<ScriptLine>('greet', 'show', 'thanks', 'unlocked', 'heard')
    fc.assert(
      fc.property(
        fc.constantFrom(...STATUSES),
        fc.uniqueArray(line),
        fc.boolean(),
        fc.option(fc.boolean(), { nil: null }),
        (status, said, heard, settled) => {
          const day = dayIn(status)
          const shown =
            settled === null ? null : { askedAt: day.now, settledAt: settled ? day.now + SECOND : null }
          const due = nextMove(day.state!, { said, heardAt: heard ? day.now : null, shown, call: null })
          const command = due && commandOf(due.move)
          if (!due || !command) return
          const decision = decide(day.at(due.at).command(LEAD, command), day.state)
          expect(decision.ok, `${due.move.act} in ${status}`).toBe(true)
          expect(said).not.toContain(due.move.say)
        },
      ),
    )
  })
})
