import type { Digest, PersonId } from './ids.ts'

type StaffRole = 'proctor' | 'lead' | 'reviewer' | 'registrar'
export type ActorRole = 'candidate' | StaffRole | 'system'

/** Who acts. A lead proctor is `lead`, whoever's candidate it is; an administrator acts as `registrar`. */
export type Actor =
  { readonly role: 'candidate' | StaffRole; readonly id: PersonId } | { readonly role: 'system' }

/** A coded reason; the free text beside it stays with the caller, here is only its digest [EVD-04]. */
export type Reason<Code extends string> = { readonly code: Code; readonly note: Digest | null }
