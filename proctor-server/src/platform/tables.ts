import type { Generated, JSONColumnType } from 'kysely'

export interface PlatformTables {
  audit_log: {
    id: string
    at: number
    actor: string
    role: string | null
    action: string
    attempt_id: string | null
    purpose: string | null
    detail: JSONColumnType<Record<string, unknown>>
  }
  local_mailbox: { id: string; recipient: string; subject: string; body: string; sent_at: Generated<Date> }
  /** Public halves of the keys that sign receipts and certificates; the private one is a file. */
  signing_key: {
    kid: string
    public_jwk: JSONColumnType<Record<string, unknown>>
    created_at: number
    retired_at: number | null
  }
  heartbeat: { replica: string; at: number }
}
