import type { Role } from '@vigie/contract/accounts/roles'

/** better-auth writes the sign-in tables itself; only what our own queries read is named here. */
export interface AccountsTables {
  person: { id: string; name: string; email: string; emailVerified: boolean }
  person_role: { person_id: string; role: Role }
}
