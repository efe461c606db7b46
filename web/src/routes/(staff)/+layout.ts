import { requireRole } from '#lib/accounts/guard.ts'

export const load = ({ url }: { url: URL }): Promise<void> =>
  requireRole(url, url.pathname.startsWith('/relecture') ? ['reviewer'] : ['registrar', 'administrator'])
