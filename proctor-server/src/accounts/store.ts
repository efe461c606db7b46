import type { Role } from '@vigie/contract/accounts/roles'
import type { Reader } from '../platform/database.ts'

export async function rolesOf(db: Reader, person: string): Promise<Role[]> {
  const rows = await db.selectFrom('person_role').select('role').where('person_id', '=', person).execute()
  return rows.map((row) => row.role)
}
