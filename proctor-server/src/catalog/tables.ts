import type { Policy } from '@vigie/exam-engine/catalog/policy'
import type { Paper } from '@vigie/exam-engine/catalog/paper'
import type { Generated, JSONColumnType } from 'kysely'

/** A notice to everybody in a session [ADM-05]. */
export interface Banner {
  readonly text: string
  readonly at: number
}

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
    /** Why it was changed, in the words of who did. */
    reason: Generated<string>
  }
  paper: {
    id: string
    certification_id: string
    title: string
    content: JSONColumnType<Paper>
    locked: boolean
    version: Generated<number>
    changed_at: Generated<number>
  }
  exam_session: {
    id: string
    certification_id: string
    paper_id: string
    name: string
    opens_at: number
    closes_at: number
    places: Generated<number>
    banner: JSONColumnType<Banner | null> | null
    /** [CHK-13] Made for one rehearsal, which alone sits in it; staffed by nobody, left out of every list. */
    rehearsal: Generated<boolean>
  }
  session_staff: { session_id: string; person_id: string; role: 'proctor' | 'lead' | 'reviewer' }
  paper_picture: { id: string; paper_id: string; type: string; content: Buffer; added_at: number }
  neutralisation: {
    id: string
    paper_id: string
    question_id: string
    neutralised: boolean
    reason: string
    at: number
    by_person: string | null
    rescored: number | null
  }
  attempt_score_before: {
    attempt_id: string
    neutralisation_id: string
    points: number
    maximum: number
    at: number
  }
}
