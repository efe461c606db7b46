import type { Role } from '@vigie/contract/accounts/roles'
import type { PersonLine } from '@vigie/contract/accounts/people'
import { personId, type PersonId } from '@vigie/exam-engine/attempt/ids'
import { audit } from '../platform/audit.ts'
import type { Database } from '../platform/database.ts'
import { Refused } from '../platform/refused.ts'
import type { Person } from './actor.ts'
import { ensurePerson, inviteStaff, type InvitationDeps } from './invitations.ts'
import { lockAdministrators, personByEmail, personById, setStaffRoles, staffPeople } from './store.ts'

export interface PeopleDeps extends InvitationDeps {
  readonly db: Database
}

/** Everybody who works here. */
export async function listStaff(db: Database): Promise<PersonLine[]> {
  return (await staffPeople(db)).map(({ id, name, email, roles, active, twoFactorEnabled }) => ({
    id: personId.parse(id),
    name,
    email,
    roles,
    account: active ? 'active' : 'invited',
    twoFactor: twoFactorEnabled,
  }))
}

/** A new account, with the letter that leads into it, in one transaction. */
export async function invitePerson(
  deps: PeopleDeps,
  by: Person,
  wanted: { readonly name: string; readonly email: string; readonly roles: readonly Role[] },
): Promise<PersonId> {
  return deps.db.transaction().execute(async (tx) => {
    if (await personByEmail(tx, wanted.email.toLowerCase())) throw new Refused('person-known')
    const person = await ensurePerson(tx, deps.clock.now(), wanted)
    await inviteStaff(tx, deps, person)
    await audit(tx, deps.clock, {
      actor: by,
      action: 'accounts.invite',
      detail: { person: person.id, roles: wanted.roles },
    })
    return personId.parse(person.id)
  })
}

/** Who somebody is from now on. There is always an administrator left: else nobody could ever mend it. */
export async function changeRoles(
  deps: PeopleDeps,
  by: Person,
  person: PersonId,
  roles: readonly Role[],
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const administrators = await lockAdministrators(tx)
    if (!(await personById(tx, person))) throw new Refused('not-found')
    const others = administrators.filter((one) => one !== person)
    if (!roles.includes('administrator') && administrators.includes(person) && others.length === 0)
      throw new Refused('last-administrator')
    await setStaffRoles(tx, person, roles)
    await audit(tx, deps.clock, { actor: by, action: 'accounts.roles', detail: { person, roles } })
  })
}

/** Writes again to somebody whose link was lost or has expired. */
export async function invitePersonAgain(deps: PeopleDeps, by: Person, id: PersonId): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const person = await personById(tx, id)
    if (!person) throw new Refused('not-found')
    await inviteStaff(tx, deps, person)
    await audit(tx, deps.clock, { actor: by, action: 'accounts.invite', detail: { person: id } })
  })
}

/**
 * On an installation without administrator, invites the one whom its operator names (`ADMINISTRATOR_EMAIL`). Runs at
 * each start and does nothing once there is one.
 */
export async function inviteFirstAdministrator(deps: PeopleDeps, email: string): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    if ((await lockAdministrators(tx)).length > 0) return
    const person = await ensurePerson(tx, deps.clock.now(), {
      name: email.split('@')[0] ?? email,
      email,
      roles: ['administrator'],
    })
    await inviteStaff(tx, deps, person)
  })
}
