import { ROLES, type Role } from '@vigie/contract/accounts/roles'
import type { Instant } from '@vigie/kernel/instant'
import { sql } from 'kysely'
import type { Reader } from '../platform/database.ts'
import { randomToken } from '../platform/keys.ts'

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

/** How better-auth names the token of such a link. */
const PASSWORD_LINK = 'reset-password:'

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

/**
 * The token of a link to choose a password, as better-auth's own « reset-password » reads it. Who was mailed one that
 * still stands is mailed the same again, for longer: whichever letter they open leads in, once.
 */
export async function passwordToken(
  tx: Reader,
  link: { readonly id: string; readonly person: string; readonly now: Instant; readonly expiresAt: Instant },
): Promise<string> {
  const expiresAt = new Date(link.expiresAt)
  const standing = await tx
    .updateTable('sign_in_verification')
    .set({ expiresAt })
    .where('value', '=', link.person)
    .where('identifier', 'like', `${PASSWORD_LINK}%`)
    .where('expiresAt', '>', new Date(link.now))
    .returning('identifier')
    .executeTakeFirst()
  if (standing) return standing.identifier.slice(PASSWORD_LINK.length)
  const token = randomToken()
  await tx
    .insertInto('sign_in_verification')
    .values({ id: link.id, identifier: `${PASSWORD_LINK}${token}`, value: link.person, expiresAt })
    .execute()
  return token
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
