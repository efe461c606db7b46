import { accountsApi } from './accounts/api.ts'
import { attemptApi } from './attempt/api.ts'
import { catalogApi } from './catalog/api.ts'
import { papersApi } from './catalog/papers.ts'
import { rosterApi } from './catalog/roster.ts'
import { policyApi } from './catalog/policyApi.ts'
import { checksApi } from './checks/api.ts'
import { evidenceApi } from './evidence/api.ts'
import { reviewApi } from './review/api.ts'
import { supervisionApi } from './supervision/api.ts'

/** Every HTTP route that carries words; bytes (transfers, photos, segments) are plain routes beside. Served under /api. */
export const api = {
  accounts: accountsApi,
  catalog: catalogApi,
  roster: rosterApi,
  papers: papersApi,
  attempt: attemptApi,
  policy: policyApi,
  checks: checksApi,
  supervision: supervisionApi,
  evidence: evidenceApi,
  review: reviewApi,
}

export type Api = typeof api
