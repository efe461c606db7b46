import { accountsApi } from './accounts/api.ts'
import { attemptApi } from './attempt/api.ts'
import { supervisionApi } from './supervision/api.ts'

/** Every HTTP route that carries words; bytes (transfers, photos, segments) are plain routes beside. Served under /api. */
export const api = {
  accounts: accountsApi,
  attempt: attemptApi,
  supervision: supervisionApi,
}

export type Api = typeof api
