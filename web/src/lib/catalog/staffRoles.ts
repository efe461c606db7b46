import type { StaffRole as ContractRole } from '@vigie/contract/catalog/session'

export type StaffRole = ContractRole

/** In the order in which the team's table shows them. */
export const STAFF_ROLES: readonly StaffRole[] = ['lead', 'proctor', 'reviewer']
