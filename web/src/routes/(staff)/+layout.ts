import type { Role } from '@vigie/contract/accounts/roles'
import { requireRole } from '#lib/accounts/guard.ts'

export const load = ({ url }: { url: URL }): Promise<void> =>
  requireRole(url, url.pathname.startsWith('/relecture') ? ['reviewer'] : officeRoles(url.pathname))

/** The board of a session is also for the leads of it. */
const officeRoles = (pathname: string): readonly Role[] =>
  /^\/gestion\/sessions\/[^/]+\/tableau$/.test(pathname)
    ? ['registrar', 'administrator', 'lead']
    : ['registrar', 'administrator']
