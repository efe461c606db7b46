import type { Role } from '@vigie/contract/accounts/roles'
import { m } from '#lib/paraglide/messages.js'
import type { Home } from './homes.ts'

/** The words for each person's place and role, in the language of the page. */
export const homeName: Record<Home, () => string> = {
  '/passages': m.accounts_go_passages,
  '/surveillance': m.accounts_go_supervision,
  '/relecture': m.accounts_go_review,
  '/gestion': m.accounts_go_management,
}

export const roleName: Record<Role, () => string> = {
  candidate: m.accounts_role_candidate,
  proctor: m.accounts_role_proctor,
  lead: m.accounts_role_lead,
  reviewer: m.accounts_role_reviewer,
  registrar: m.accounts_role_registrar,
  administrator: m.accounts_role_administrator,
}
