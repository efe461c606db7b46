import type { DisplaySurface, ScreensMeasurement, ShareMeasurement } from '../measurements.ts'
import type { EquipmentPolicy } from '../policy.ts'
import { type Objection, type Reading, failWhen, reading } from '../reading.ts'
import { judgeAccess } from './access.ts'

/** A single screen; where the browser cannot tell, the mirror decides with the proctor [CHK-07]. */
export function judgeScreens(measured: ScreensMeasurement, policy: EquipmentPolicy): readonly Reading[] {
  const value = measured.extended === null ? null : measured.extended ? 'several' : 'single'
  return [
    reading(
      'screens-count',
      value,
      policy.screens.singleOnly ? 'single' : null,
      objectToScreens(measured, policy),
    ),
  ]
}

function objectToScreens(measured: ScreensMeasurement, policy: EquipmentPolicy): Objection | null {
  if (!policy.screens.singleOnly) return null
  if (measured.extended === null) return { verdict: 'unknown', cause: 'screens-untold' }
  return failWhen(measured.extended, 'screens-several')
}

/** What is shared must be the whole screen, not a window or a tab [CHK-08]. */
export function judgeShare(measured: ShareMeasurement, policy: EquipmentPolicy): readonly Reading[] {
  if (measured.outcome === 'failed') return judgeAccess('share', measured.failure)
  const asked = policy.share.wholeScreenOnly ? 'monitor' : null
  return [reading('share-surface', measured.surface, asked, objectToSurface(measured.surface, policy))]
}

function objectToSurface(surface: DisplaySurface | null, policy: EquipmentPolicy): Objection | null {
  if (!policy.share.wholeScreenOnly || surface === 'monitor') return null
  // The exam takes nothing for the whole screen that does not say so: who passed here would be stopped there.
  if (surface === null) return { verdict: 'fail', cause: 'share-untold' }
  return { verdict: 'fail', cause: surface === 'window' ? 'share-window' : 'share-tab' }
}
