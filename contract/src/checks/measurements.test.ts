import { CHECK_ITEMS, DEVICE_FAILURES, NO_MEASUREMENTS } from '@vigie/checks/verdict/measurements'
import { defaultPolicy, demonstrationPolicy, funPolicy } from '@vigie/checks/verdict/policies'
import { soundMachine } from '@vigie/checks/verdict/soundMachine'
import { judgeEquipment } from '@vigie/checks/verdict/verdict'
import { describe, expect, it } from 'vitest'
import { measurementsSchema } from './measurements.ts'
import { equipmentPolicySchema } from './policy.ts'
import { equipmentVerdictsSchema } from './report.ts'

describe('[CHK-11] what a page may send', () => {
  it('[CHK-11] carries a whole sheet, and an empty one, unchanged', () => {
    expect(measurementsSchema.parse(soundMachine)).toEqual(soundMachine)
    expect(measurementsSchema.parse(NO_MEASUREMENTS)).toEqual(NO_MEASUREMENTS)
  })

  it('[CHK-11] takes a line that is left out as not measured', () => {
    expect(measurementsSchema.parse({})).toEqual(NO_MEASUREMENTS)
    expect(Object.keys(NO_MEASUREMENTS)).toEqual([...CHECK_ITEMS])
  })

  it.each(DEVICE_FAILURES)('[CHK-04] carries a camera that is %s', (failure) => {
    const sheet = { ...NO_MEASUREMENTS, camera: { outcome: 'failed', failure } }
    expect(measurementsSchema.parse(sheet)).toEqual(sheet)
  })

  it.each([
    ['a brightness of 256', { camera: { ...soundMachine.camera, meanLuma: 256 } }],
    ['half a pixel', { camera: { ...soundMachine.camera, width: 640.5 } }],
    ['a rate that is not a number', { camera: { ...soundMachine.camera, framesPerSecond: Number.NaN } }],
    ['an endless line', { bandwidth: { ...soundMachine.bandwidth, downKbps: Number.POSITIVE_INFINITY } }],
    ['a negative line', { bandwidth: { ...soundMachine.bandwidth, upKbps: -1 } }],
    ['an unknown failure', { share: { outcome: 'failed', failure: 'bored' } }],
    ['a label without end', { camera: { ...soundMachine.camera, label: 'x'.repeat(201) } }],
  ])('[CHK-11] refuses %s', (_what, changed) => {
    expect(measurementsSchema.safeParse({ ...soundMachine, ...changed }).success).toBe(false)
  })

  it('[CHK-11] drops a verdict that a page adds by itself', () => {
    expect(measurementsSchema.parse({ ...soundMachine, overall: 'pass' })).not.toHaveProperty('overall')
  })
})

describe('[CHK-03] policies and verdicts travel whole', () => {
  it.each(Object.entries({ defaultPolicy, funPolicy, demonstrationPolicy }))(
    '[CHK-03] %s',
    (_name, policy) => {
      expect(equipmentPolicySchema.parse(policy)).toEqual(policy)
      for (const sheet of [soundMachine, NO_MEASUREMENTS]) {
        const verdicts = judgeEquipment(sheet, policy)
        expect(equipmentVerdictsSchema.parse(verdicts)).toEqual(verdicts)
      }
    },
  )

  it('[CHK-03] a policy that forgets a line is refused', () => {
    const { camera: _camera, ...items } = defaultPolicy.items
    expect(equipmentPolicySchema.safeParse({ ...defaultPolicy, items }).success).toBe(false)
  })
})
