import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ERROR_STATUS } from '@vigie/contract/errors'
import { describe, expect, it } from 'vitest'
import { createMetrics } from './metrics.ts'

describe('[RET-04] [EVD-02] the rules for alarms', () => {
  it('listen to metrics that are there, and to outcomes that commands have', async () => {
    const rules = await readFile(join(import.meta.dirname, '../../../deploy/alerts.yml'), 'utf8')
    const heard = rules.match(/vigie_[a-z_]+/g)!.map((name) => name.replace(/_bucket$/, ''))
    const told = (await createMetrics().registry.getMetricsAsJSON()).map(({ name }) => name)
    expect(told).toEqual(expect.arrayContaining(heard))
    const outcomes = [...rules.matchAll(/outcome="([^"]+)"/g)].map(([, outcome]) => outcome!)
    expect(Object.keys(ERROR_STATUS)).toEqual(expect.arrayContaining(outcomes))
    expect(outcomes).toEqual(expect.arrayContaining(['storage-full', 'evidence-key-missing']))
  })

  it('are not rung by a store that cannot say how much room it has', async () => {
    const { registry, storageFree } = createMetrics()
    const said = () => registry.getSingleMetricAsString('vigie_storage_free_bytes')
    expect(await said()).not.toMatch(/^vigie_storage_free_bytes/m)
    storageFree.set(5)
    expect(await said()).toMatch(/^vigie_storage_free_bytes 5$/m)
  })
})
