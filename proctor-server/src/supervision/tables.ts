import type { JSONColumnType } from 'kysely'

export interface SupervisionTables {
  chat_line: {
    id: string
    attempt_id: string
    at: number
    author: 'candidate' | 'proctor'
    author_id: string | null
    author_name: string
    text: string
    delivered_at: number | null
    read_at: number | null
  }
  remark: {
    id: string
    attempt_id: string
    at: number
    kind: 'note' | 'flag' | 'warning' | 'signal'
    code: string
    severity: 'low' | 'medium' | 'high' | null
    author_id: string | null
    shown_to_candidate: boolean
    text: string
    detail: JSONColumnType<Record<string, unknown>>
  }
}
