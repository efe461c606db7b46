import { DAY, type Instant } from '@vigie/kernel/instant'
import { describe, expect, it } from 'vitest'
import { attemptId, personId, type PersonId } from '../attempt/ids.ts'
import { decideReview } from './decide.ts'
import { evolveReview } from './evolve.ts'
import { CONCLUDE_DAYS, OUTCOMES, REASONS_OF, REPLY_DAYS, type Outcome } from './outcomes.ts'
import {
  keepsUntil,
  initialReview,
  type Remedy,
  type ReviewCommand,
  type ReviewedAttempt,
  type ReviewState,
} from './state.ts'

const person = (last: string): PersonId => personId.parse(`01900000-0000-7000-8000-00000000000${last}`)
const [CANDIDATE, PROCTOR, ROSA, SAMI, TOM] = ['1', '2', '3', '4', '5'].map(person) as [
  PersonId,
  PersonId,
  PersonId,
  PersonId,
  PersonId,
]
const SECOND: Remedy = {
  kind: 'second-attempt',
  attempt: attemptId.parse('01900000-0000-7000-8000-00000000000a'),
  appointmentAt: 99,
}
const ABOUT: ReviewedAttempt = {
  candidate: CANDIDATE,
  proctors: [PROCTOR],
  over: true,
  voidable: true,
  slotsRemain: false,
}

type Bare<Command> = Command extends { now: Instant } ? Omit<Command, 'now' | 'by' | 'about'> : never
type Said = Bare<ReviewCommand>

/** A review as it is told: each command at its moment by somebody, until one is refused. */
class Story {
  state: ReviewState = initialReview
  now: Instant = 1_000
  about = ABOUT

  private decide(by: PersonId, said: Said) {
    const role = by === CANDIDATE ? 'candidate' : 'reviewer'
    return decideReview(
      { ...said, now: this.now, by: { role, id: by }, about: this.about } as ReviewCommand,
      this.state,
    )
  }
  tell(by: PersonId, said: Said): this {
    const decision = this.decide(by, said)
    if (!decision.ok) throw new Error(`refused: ${decision.refusal}`)
    this.state = decision.value.reduce(evolveReview, this.state)
    return this
  }
  refusal(by: PersonId, said: Said): string | null {
    const decision = this.decide(by, said)
    return decision.ok ? null : decision.refusal
  }
  after(days: number): this {
    this.now += days * DAY
    return this
  }
}

const proposal = (outcome: Outcome): Said => ({
  type: 'propose',
  outcome,
  reasons: REASONS_OF[outcome].slice(0, 1),
  facts: outcome === 'valid' ? '' : 'At 16:12 somebody speaks beside the candidate.',
  moments: [{ at: 500, text: 'A second voice' }],
})
const told = (outcome: Outcome): Story => {
  const story = new Story().tell(ROSA, proposal(outcome))
  return outcome === 'invalid' ? story.tell(SAMI, { type: 'confirm' }) : story
}

describe('[REV-01.1] assignment', () => {
  it('is never to a proctor of the attempt, nor to its candidate', () => {
    const story = new Story()
    expect(story.refusal(ROSA, { type: 'assign', to: PROCTOR })).toBe('review-own-candidate')
    expect(story.refusal(ROSA, { type: 'assign', to: CANDIDATE })).toBe('review-own-candidate')
    expect(story.refusal(PROCTOR, { type: 'assign', to: ROSA })).toBe('review-own-candidate')
    expect(story.refusal(PROCTOR, proposal('valid'))).toBe('review-own-candidate')
    expect(story.tell(ROSA, { type: 'assign', to: SAMI }).state).toEqual({ status: 'open', assignee: SAMI })
  })

  it('says who concludes: another reviewer is refused until it is given to them', () => {
    const story = new Story().tell(ROSA, { type: 'assign', to: SAMI })
    expect(story.refusal(ROSA, proposal('valid'))).toBe('review-assigned-elsewhere')
    story.tell(ROSA, { type: 'assign', to: null })
    expect(story.tell(ROSA, proposal('invalid')).state.assignee).toBe(ROSA)
  })
})

describe('[REV-04] a verdict', () => {
  it('[REV-04.1] « valid » is final at once', () => {
    const story = new Story().tell(ROSA, proposal('valid'))
    expect(story.state).toMatchObject({ status: 'final', by: ROSA, reply: null, remedy: null })
    expect(story.refusal(SAMI, proposal('invalid'))).toBe('verdict-final')
  })

  it('[REV-04.2] « invalid » needs a second person, and the candidate knows nothing before', () => {
    const story = new Story().tell(ROSA, proposal('invalid'))
    expect(story.state.status).toBe('proposed')
    expect(story.refusal(ROSA, { type: 'confirm' })).toBe('verdict-second-person')
    expect(story.refusal(ROSA, { type: 'turnDown', note: '' })).toBe('verdict-second-person')
    expect(story.refusal(CANDIDATE, { type: 'reply', text: 'No!' })).toBe('verdict-not-told')
    expect(story.refusal(SAMI, { type: 'uphold', remedy: null })).toBe('verdict-not-told')
    story.tell(SAMI, { type: 'confirm' })
    expect(story.state).toMatchObject({
      status: 'answering',
      confirmedBy: SAMI,
      replyUntil: story.now + REPLY_DAYS * DAY,
    })
  })

  it('is taken back by its proposer only, or turned down by the second person', () => {
    const story = new Story().tell(ROSA, proposal('invalid'))
    expect(story.refusal(SAMI, { type: 'withdraw' })).toBe('not-permitted')
    expect(story.tell(ROSA, { type: 'withdraw' }).state.status).toBe('open')
    story.tell(ROSA, proposal('invalid')).tell(SAMI, { type: 'turnDown', note: 'The voice is a television.' })
    expect(story.state.status).toBe('open')
    expect(story.refusal(SAMI, { type: 'confirm' })).toBe('verdict-not-proposed')
  })

  it.each(OUTCOMES.filter((outcome) => outcome !== 'valid'))(
    '[REV-04.1] « %s » is final only after the answer or the delay',
    (outcome) => {
      const remedy = outcome === 'invalid' ? null : SECOND
      const answered = told(outcome)
      expect(answered.refusal(SAMI, { type: 'uphold', remedy })).toBe('verdict-reply-pending')
      answered.tell(CANDIDATE, { type: 'reply', text: 'It was the television.' })
      expect(answered.refusal(CANDIDATE, { type: 'reply', text: 'And…' })).toBe('verdict-replied')
      expect(answered.tell(TOM, { type: 'uphold', remedy }).state).toMatchObject({
        status: 'final',
        reply: { text: 'It was the television.' },
        remedy,
      })
      const silent = told(outcome).after(REPLY_DAYS)
      expect(silent.tell(SAMI, { type: 'uphold', remedy }).state).toMatchObject({
        status: 'final',
        reply: null,
      })
      expect(silent.refusal(CANDIDATE, { type: 'reply', text: 'Too late' })).toBe('verdict-final')
    },
  )

  it('a late answer still counts while nothing is final', () => {
    const story = told('invalid').after(REPLY_DAYS + 3)
    expect(story.tell(CANDIDATE, { type: 'reply', text: null }).state).toMatchObject({
      reply: { text: null },
    })
  })

  it('[REV-04.2] « invalid » is never concluded by who proposed it alone', () => {
    const story = told('invalid').tell(CANDIDATE, { type: 'reply', text: null })
    expect(story.refusal(ROSA, { type: 'uphold', remedy: null })).toBe('verdict-second-person')
  })

  it('an answer that convinces drops it, and another verdict may follow', () => {
    const story = told('invalid').tell(CANDIDATE, { type: 'reply', text: 'It was the television.' })
    story.tell(SAMI, { type: 'drop', note: 'It was.' })
    expect(story.state).toEqual({ status: 'open', assignee: ROSA })
    expect(story.tell(ROSA, proposal('valid')).state.status).toBe('final')
  })

  it('reasons are those of the outcome, and facts are said', () => {
    const story = new Story()
    const invalid = { ...proposal('invalid') } as Extract<Said, { type: 'propose' }>
    expect(story.refusal(ROSA, { ...invalid, reasons: [] })).toBe('verdict-reasons')
    expect(story.refusal(ROSA, { ...invalid, reasons: ['platform-failure'] })).toBe('verdict-reasons')
    expect(story.refusal(ROSA, { ...invalid, facts: '  ' })).toBe('verdict-facts')
  })

  it('comes after the exam', () => {
    const story = new Story()
    story.about = { ...ABOUT, over: false, voidable: false }
    expect(story.refusal(ROSA, proposal('valid'))).toBe('review-too-early')
    story.about = { ...ABOUT, over: true, voidable: false }
    expect(story.refusal(ROSA, proposal('technical-incident'))).toBe('review-too-early')
    expect(story.refusal(ROSA, proposal('invalid'))).toBeNull()
  })

  it('[ATT-02] [REV-04.3] what voids the attempt says what the candidate gets instead, and nothing else does', () => {
    const technical = told('technical-incident').after(REPLY_DAYS)
    expect(technical.refusal(SAMI, { type: 'uphold', remedy: null })).toBe('verdict-remedy')
    technical.about = { ...ABOUT, slotsRemain: true }
    expect(technical.refusal(SAMI, { type: 'uphold', remedy: { kind: 'refund' } })).toBe(
      'verdict-slots-remain',
    )
    technical.about = ABOUT
    expect(technical.tell(SAMI, { type: 'uphold', remedy: { kind: 'refund' } }).state).toMatchObject({
      remedy: { kind: 'refund' },
    })
    expect(technical.refusal(SAMI, { type: 'reopen', reason: 'appeal' })).toBe('verdict-voided')
    expect(told('invalid').after(REPLY_DAYS).refusal(SAMI, { type: 'uphold', remedy: SECOND })).toBe(
      'verdict-remedy',
    )
  })

  it('a final one is looked at again for a coded reason', () => {
    const story = new Story().tell(ROSA, proposal('valid'))
    expect(story.tell(SAMI, { type: 'reopen', reason: 'new-facts' }).state.status).toBe('open')
    expect(story.refusal(SAMI, { type: 'reopen', reason: 'appeal' })).toBe('verdict-not-final')
  })

  it('[RET-02.3] keeps the media while it is under way, for two weeks after its time and no longer', () => {
    const story = new Story()
    const ends = (after: number) => story.now + (after + CONCLUDE_DAYS) * DAY
    expect(keepsUntil(story.state)).toBeNull()
    expect(keepsUntil(story.tell(ROSA, proposal('invalid')).state)).toBe(ends(0))
    expect(keepsUntil(story.tell(SAMI, { type: 'confirm' }).state)).toBe(ends(REPLY_DAYS))
    const over = story.after(REPLY_DAYS).tell(SAMI, { type: 'uphold', remedy: null })
    expect(keepsUntil(over.state)).toBeNull()
  })

  it('nobody but a reviewer concludes, nobody but the candidate answers', () => {
    const story = told('invalid')
    expect(story.refusal(CANDIDATE, { type: 'drop', note: '' })).toBe('not-permitted')
    expect(story.refusal(ROSA, { type: 'reply', text: 'For them' })).toBe('not-permitted')
  })
})
