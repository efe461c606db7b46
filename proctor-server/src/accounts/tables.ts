import type { Role } from '@vigie/contract/accounts/roles'
import type { Generated } from 'kysely'

/** better-auth writes the sign-in tables itself; only what our own queries read or add is named here. */
export interface AccountsTables {
  person: {
    id: string
    name: string
    email: string
    emailVerified: boolean
    twoFactorEnabled: Generated<boolean>
  }
  person_role: { person_id: string; role: Role }
  sign_in_method: { id: string; userId: string; providerId: string }
  sign_in_verification: { id: string; identifier: string; value: string; expiresAt: Date }
}
