import { defaultPolicy, demonstrationPolicy, funPolicy } from '@vigie/checks/verdict/policies'
import { policyContentSchema } from '@vigie/contract/catalog/policy'
import { DEFAULT_POLICY, FUN_POLICY } from '@vigie/exam-engine/catalog/policy'
import { describe, expect, it } from 'vitest'
import { contentOf, draftOf, refusals, typos } from './policyDraft.ts'

const { version: _one, ...exam } = DEFAULT_POLICY
const { version: _two, ...fun } = FUN_POLICY
const ready = {
  'the product’s own': { exam, equipment: defaultPolicy },
  'the sources’ (FUN-07)': { exam: fun, equipment: funPolicy },
  'the demonstration’s': { exam, equipment: demonstrationPolicy },
}

describe('[ADM-01] a policy as it is edited', () => {
  it.each(Object.entries(ready))(
    '[ADM-01] %s comes out of the form as it went in, and is valid',
    (_name, policy) => {
      const content = policyContentSchema.parse(policy)
      const back = contentOf(draftOf(content))
      expect(back).toEqual(content)
      expect(policyContentSchema.safeParse(back).success).toBe(true)
      expect(typos(draftOf(content))).toEqual([])
    },
  )

  it('[ADM-01] figures are typed in their own unit, with a comma or a point', () => {
    const draft = draftOf(policyContentSchema.parse(ready['the product’s own']))
    expect(draft.figures['exam.durationSeconds']).toBe('30')
    expect(draft.figures['equipment.recording.minStorageBytes']).toBe('256')
    expect(draft.figures['equipment.connection.maxLossShare']).toBe('5')
    draft.figures['exam.durationSeconds'] = '42,5'
    draft.figures['equipment.microphone.minSpeechDbfs'] = '−45'
    expect(contentOf(draft)).toMatchObject({
      exam: { durationSeconds: 2550 },
      equipment: { microphone: { minSpeechDbfs: -45 } },
    })
  })

  it('[ADM-01] names what is no number before anything is sent', () => {
    const draft = draftOf(policyContentSchema.parse(ready['the product’s own']))
    draft.figures['exam.durationSeconds'] = 'trente'
    draft.systems['windows'] = { admitted: true, least: 'XP' }
    draft.browsers['firefox'] = { admitted: true, least: '' }
    draft.browsers['safari'] = { admitted: false, least: 'x' }
    expect(typos(draft).map(({ path }) => path)).toEqual([
      'exam.durationSeconds',
      'equipment.systems.windows',
      'equipment.browsers.firefox',
    ])
  })

  it('[ADM-01] puts a refusal of the server beside its field', () => {
    expect(
      refusals([
        { path: 'content.exam.durationSeconds', message: 'out-of-bounds' },
        { path: 'reason', message: 'Too small' },
      ]),
    ).toEqual([
      { path: 'exam.durationSeconds', fault: 'out-of-bounds' },
      { path: 'reason', fault: 'unreadable' },
    ])
  })
})
