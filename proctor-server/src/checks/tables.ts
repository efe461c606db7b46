import type { Measurements } from '@vigie/checks/verdict/measurements'
import type { EquipmentPolicy } from '@vigie/checks/verdict/policy'
import type { Verdict } from '@vigie/checks/verdict/reading'
import type { EquipmentVerdicts } from '@vigie/checks/verdict/verdict'
import type { RehearsalLanguage } from '@vigie/contract/checks/rehearsal'
import type { RehearsalResult } from '@vigie/exam-engine/attempt/rehearsal'
import type { Generated, JSONColumnType } from 'kysely'

export interface ChecksTables {
  /** What a certification asks of a machine, version by version; a version is never changed once written. */
  equipment_policy: {
    certification_id: string
    version: number
    content: JSONColumnType<EquipmentPolicy>
    created_at: number
  }
  /** The sheet as it was judged that day, with the policy it was judged under [CHK-11]. */
  equipment_report: {
    id: string
    number: string
    filed_at: number
    person_id: string | null
    attempt_id: string | null
    certification_id: string | null
    policy_version: number | null
    policy: JSONColumnType<EquipmentPolicy>
    measurements: JSONColumnType<Measurements>
    verdicts: JSONColumnType<EquipmentVerdicts>
    overall: Verdict
    valid_until: number | null
    /** When an account took over a report that was made without one; null otherwise. */
    claimed_at: Generated<number | null>
  }
  /** [CHK-13] All that is left of a rehearsal once it has ended; until then it has an attempt of the same id. */
  rehearsal: {
    id: string
    person_id: string
    certification_id: string
    /** Of questions and scripted proctor; null once it has ended. */
    language: RehearsalLanguage | null
    started_at: number
    /** When the script or the sweep looks at it again; null once it has ended. */
    due_at: number | null
    ended_at: number | null
    result: JSONColumnType<RehearsalResult> | null
  }
}
