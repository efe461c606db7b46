import { soundScript } from '@vigie/checks/fakes/script'
import { scriptedDevices } from '@vigie/checks/fakes/scriptedDevices'
import type { Devices } from '@vigie/checks/probes/devices'
import { defaultPolicy } from '@vigie/checks/verdict/policies'
import { expect, it } from 'vitest'
import type { ApiClient } from '#lib/platform/http.ts'
import { type CheckPolicy, CheckSheet } from './sheet.svelte.ts'

/** A sheet on a machine whose site never ends loading in the background, as behind a service worker that is stuck. */
async function loadingForEver(passUntil: number | null) {
  const devices = scriptedDevices({ ...soundScript, siteLoadsForMs: null })
  const policy: Partial<CheckPolicy> = { policy: { ...defaultPolicy, systems: [], browsers: [] }, passUntil }
  const sheet = new CheckSheet({
    api: { checks: { policy: async () => policy } } as unknown as ApiClient,
    devices: devices as unknown as Devices,
    keepsStreams: false,
  })
  await sheet.load()
  /** Measures the line, and says for how long it was only waited. */
  const waited = async () => {
    const begun = devices.now()
    await sheet.measure('bandwidth')
    expect(sheet.measurements.bandwidth).toMatchObject({ outcome: 'measured' })
    const measuring = sheet.bandwidth.find(({ stage }) => stage === 'round-trip')
    return measuring!.at - begun - soundScript.line.roundTripMs
  }
  return { waited }
}

it.each([
  [null, 12_000],
  [1, 4_000],
])(
  '[CHK-01][CHK-06] « Refaire » measures the line at once: the site was waited for the first time (earlier pass: %s)',
  async (passUntil, first) => {
    const { waited } = await loadingForEver(passUntil)
    expect([await waited(), await waited(), await waited()]).toEqual([first, 0, 0])
  },
)
