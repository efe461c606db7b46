import { ROLES, type Role } from '@vigie/contract/accounts/roles'
import type { Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import type { Reader } from '../platform/database.ts'

export async function rolesOf(db: Reader, person: string): Promise<Role[]> {
  const rows = await db.selectFrom('person_role').select('role').where('person_id', '=', person).execute()
  return rows.map((row) => row.role)
}

export interface KnownPerson {
  readonly id: string
  readonly name: string
  readonly email: string
}

const columns = ['id', 'name', 'email'] as const

/** The account of an address; addresses are kept in lower case. */
export async function personByEmail(db: Reader, email: string): Promise<KnownPerson | null> {
  const row = await db.selectFrom('person').select(columns).where('email', '=', email).executeTakeFirst()
  return row ?? null
}

export async function personById(db: Reader, id: string): Promise<KnownPerson | null> {
  const row = await db.selectFrom('person').select(columns).where('id', '=', id).executeTakeFirst()
  return row ?? null
}

export async function addPerson(tx: Reader, person: KnownPerson): Promise<KnownPerson> {
  await tx
    .insertInto('person')
    .values({ ...person, emailVerified: false })
    .execute()
  return person
}

export async function grantRole(tx: Reader, person: string, role: Role): Promise<void> {
  await tx
    .insertInto('person_role')
    .values({ person_id: person, role })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Makes these the person's roles; that of a candidate is theirs by their attempts and stays as it is. */
export async function setStaffRoles(tx: Reader, person: string, roles: readonly Role[]): Promise<void> {
  await tx
    .deleteFrom('person_role')
    .where('person_id', '=', person)
    .where('role', '<>', 'candidate')
    .execute()
  for (const role of roles) await grantRole(tx, person, role)
}

/** Takes the lock under which administrators change: two of them cannot dismiss each other at once. */
export async function lockAdministrators(tx: Reader): Promise<string[]> {
  const rows = await tx
    .selectFrom('person_role')
    .select('person_id')
    .where('role', '=', 'administrator')
    .orderBy('person_id')
    .forUpdate()
    .execute()
  return rows.map((row) => row.person_id)
}

/** Whether somebody can sign in already. */
export async function hasPassword(db: Reader, person: string): Promise<boolean> {
  const row = await db
    .selectFrom('sign_in_method')
    .select('id')
    .where('userId', '=', person)
    .where('providerId', '=', 'credential')
    .executeTakeFirst()
  return row !== undefined
}

/** A link to choose a password, as better-auth's own « reset-password » reads it; older links of the person end. */
export async function keepPasswordLink(
  tx: Reader,
  link: { readonly id: string; readonly token: string; readonly person: string; readonly expiresAt: Instant },
): Promise<void> {
  await tx
    .deleteFrom('sign_in_verification')
    .where('value', '=', link.person)
    .where('identifier', 'like', 'reset-password:%')
    .execute()
  await tx
    .insertInto('sign_in_verification')
    .values({
      id: link.id,
      identifier: `reset-password:${link.token}`,
      value: link.person,
      expiresAt: new Date(link.expiresAt),
    })
    .execute()
}

/** Everybody with a role beside candidate, with what an administrator needs to see. */
export async function staffPeople(db: Reader) {
  const rows = await db
    .selectFrom('person')
    .select((one) => [
      ...columns,
      'twoFactorEnabled',
      one
        .selectFrom('person_role')
        .select(sql<Role[]>`array_agg(role)`.as('roles'))
        .whereRef('person_role.person_id', '=', 'person.id')
        .as('roles'),
      one
        .exists(
          one
            .selectFrom('sign_in_method')
            .select('sign_in_method.id')
            .whereRef('sign_in_method.userId', '=', 'person.id')
            .where('providerId', '=', 'credential'),
        )
        .as('active'),
    ])
    .where((one) =>
      one.exists(
        one
          .selectFrom('person_role')
          .select('role')
          .whereRef('person_role.person_id', '=', 'person.id')
          .where('role', '<>', 'candidate'),
      ),
    )
    .orderBy('name')
    .execute()
  return rows.map(({ roles, ...row }) => ({
    ...row,
    roles: ROLES.filter((role) => roles?.includes(role)),
    active: Boolean(row.active),
  }))
}

/** Whoever followed a mailed link has shown that the address is theirs. */
export async function confirmEmail(db: Reader, person: string): Promise<void> {
  await db.updateTable('person').set({ emailVerified: true }).where('id', '=', person).execute()
}

/** Whether a code of an authenticator is asked of this person at sign-in. */
export async function hasTwoFactor(db: Reader, person: string): Promise<boolean> {
  const row = await db
    .selectFrom('person')
    .select('twoFactorEnabled')
    .where('id', '=', person)
    .executeTakeFirst()
  return row?.twoFactorEnabled ?? false
}
