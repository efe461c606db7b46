import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SaveLink } from '../attempt/saveLink.ts'
import type { AttemptEvent, EventOf } from '../attempt/events.ts'
import { digest } from '../attempt/ids.ts'
import { CANDIDATE, dayIn, hash } from '../attempt/testDay.ts'
import { answerStream, answerStreamTexts, linkedText } from './answerStream.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const linkOf = (previous: SaveLink | null, number: number) =>
  digest.parse(sha256(linkedText(previous?.link ?? null, number, hash(number))))

/** A page at its exam: it stands on the last save whose acknowledgement it has. */
function page() {
  const day = dayIn('running')
  const acknowledged: SaveLink[] = []
  const save = (number: number, previous: SaveLink | null) => {
    const link = linkOf(previous, number)
    day.tell(CANDIDATE, {
      type: 'save',
      number,
      digest: hash(number),
      answeredCount: 1,
      chained: { previous, link },
    })
    return { number, link }
  }
  return {
    day,
    save: (number: number) => acknowledged.push(save(number, acknowledged.at(-1) ?? null)),
    /** Stored, but the page never hears of it. */
    unheard: (number: number) => void save(number, acknowledged.at(-1) ?? null),
    on: (number: number, previous: SaveLink | null) => save(number, previous),
    acknowledged,
    lastSave: () => day.record.findLast((event) => event.type === 'answers-saved')!,
    stream: () => answerStream(sha256, day.record),
  }
}

const isSave = (event: AttemptEvent): event is EventOf<'answers-saved'> => event.type === 'answers-saved'

describe('the page’s own chain of saves', () => {
  it('[EVD-04.4] each save stands on the one before it', () => {
    const one = page()
    for (const number of [1, 2, 5]) one.save(number)
    expect(one.stream()).toEqual({ linked: 3, unlinked: 0, breaks: [] })
    expect(one.lastSave().stands).toEqual({ on: 2, link: one.acknowledged.at(-1)!.link })
  })

  it('[EVD-04.4] a lost acknowledgement is no break: the next save stands on an earlier one', () => {
    const one = page()
    one.unheard(1)
    one.save(2)
    one.unheard(3)
    one.unheard(4)
    one.save(6)
    expect(one.stream()).toEqual({ linked: 5, unlinked: 0, breaks: [] })
    expect(one.day.record.filter(isSave).map(({ stands }) => stands!.on)).toEqual([0, 0, 2, 2, 2])
  })

  it('[EVD-04.4] a save on one that the server does not have is stored with its code', () => {
    const one = page()
    one.save(1)
    one.on(5, { number: 4, link: linkOf(null, 4) })
    expect(one.lastSave()).toMatchObject({ number: 5, stands: { on: 4, fault: 'unknown' } })
    one.save(6)
    expect(one.stream()).toEqual({ linked: 2, unlinked: 0, breaks: [{ number: 5, fault: 'unknown' }] })
  })

  it('[EVD-04.4] a save on another one than is stored under its number is stored with its code', () => {
    const one = page()
    one.save(1)
    one.save(2)
    one.on(3, { number: 2, link: linkOf(null, 2) })
    expect(one.lastSave()).toMatchObject({ number: 3, stands: { on: 2, fault: 'differs' } })
    // Said of an earlier one it is found when the record is verified.
    one.on(4, { number: 1, link: linkOf(null, 9) })
    expect(one.lastSave()).toMatchObject({ number: 4, stands: { on: 1 } })
    expect(one.stream().breaks).toEqual([
      { number: 3, fault: 'differs' },
      { number: 4, fault: 'differs' },
    ])
  })

  it('[EVD-04.4] [ROOM-06] pages from before link nothing, and what follows stands on the last linked one', () => {
    const one = page()
    one.save(1)
    one.day.save(2)
    one.save(3)
    expect(one.stream()).toEqual({ linked: 2, unlinked: 1, breaks: [] })
    expect(one.lastSave().stands).toMatchObject({ on: 1 })
    const old = dayIn('running')
    old.save(1)
    expect(old.record.filter(isSave)[0]).not.toHaveProperty('stands')
    expect(answerStream(sha256, old.record)).toEqual({ linked: 0, unlinked: 1, breaks: [] })
  })

  it('[EVD-04.4] whatever acknowledgements are lost nothing is broken, and any stored save that is changed or gone and was known to the page is', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 12 }), fc.nat(), (heard, at) => {
        const one = page()
        heard.forEach((yes, index) => (yes ? one.save(index + 1) : one.unheard(index + 1)))
        expect(one.stream()).toEqual({ linked: heard.length, unlinked: 0, breaks: [] })
        const known = one.acknowledged.slice(0, -1)
        const victim = known[at % Math.max(known.length, 1)]
        if (!victim) return
        const gone = one.day.record.filter((event) => !isSave(event) || event.number !== victim.number)
        expect(answerStream(sha256, gone).breaks[0]?.fault).toBe('unknown')
        const changed = one.day.record.map((event) =>
          isSave(event) && event.number === victim.number ? { ...event, digest: hash(99) } : event,
        )
        expect(answerStream(sha256, changed).breaks).toContainEqual({
          number: victim.number,
          fault: 'differs',
        })
      }),
    )
  })

  it('[EVD-04.4] says beforehand every text it will hash', () => {
    const one = page()
    for (const number of [1, 2, 3]) one.save(number)
    const known = new Map(
      answerStreamTexts(one.day.record).map(({ previous, text }) => {
        const asked = `${previous}\n${text}`
        return [asked, sha256(asked)] as const
      }),
    )
    expect(answerStream((text) => known.get(text) ?? '', one.day.record).linked).toBe(3)
  })
})
