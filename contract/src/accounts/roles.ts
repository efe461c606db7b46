/** The people of exam day. A person may hold several roles; a stranger holds none. */
export const ROLES = ['candidate', 'proctor', 'lead', 'reviewer', 'registrar', 'administrator'] as const

export type Role = (typeof ROLES)[number]
