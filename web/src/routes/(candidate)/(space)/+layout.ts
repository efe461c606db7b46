import { requireRole } from '#lib/accounts/guard.ts'

/** The candidate's space. The exam day itself stands outside: an expired sign-in never ends an exam [IDN-09]. */
export const load = ({ url }: { url: URL }): Promise<void> => requireRole(url, ['candidate'])
