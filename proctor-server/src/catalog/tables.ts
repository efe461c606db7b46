import type { Policy } from '@vigie/exam-engine/catalog/policy'
import type { Paper } from '@vigie/exam-engine/catalog/paper'
import type { JSONColumnType } from 'kysely'

export interface CatalogTables {
  certification: {
    id: string
    name: string
    /** Who issues it, as the candidate knows them. */
    holder: string
    helpline: JSONColumnType<{ label: string; number: string }[]>
    legal_basis: string
    alternative: string
  }
  policy: {
    certification_id: string
    version: number
    content: JSONColumnType<Policy>
    created_at: number
    created_by: string | null
  }
  paper: {
    id: string
    certification_id: string
    title: string
    content: JSONColumnType<Paper>
    locked: boolean
  }
  exam_session: {
    id: string
    certification_id: string
    paper_id: string
    name: string
    opens_at: number
    closes_at: number
  }
  session_staff: { session_id: string; person_id: string; role: 'proctor' | 'lead' | 'reviewer' }
}
