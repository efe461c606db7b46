import type { Role } from '@vigie/contract/accounts/roles'

/** Where each role works, in the order in which a person with several is led to one. */
const homes = [
  { role: 'administrator', href: '/gestion' },
  { role: 'registrar', href: '/gestion' },
  { role: 'lead', href: '/surveillance' },
  { role: 'proctor', href: '/surveillance' },
  { role: 'reviewer', href: '/relecture' },
  { role: 'candidate', href: '/passages' },
] as const satisfies readonly { role: Role; href: string }[]

export type Home = (typeof homes)[number]['href']

/** Every place the person's roles open, each once. */
export function homesOf(roles: readonly Role[]): Home[] {
  const open = homes.filter(({ role }) => roles.includes(role)).map(({ href }) => href)
  return [...new Set(open)]
}

/** Where a person lands after signing in; a stranger without role gets the account page, which says so. */
export const homeOf = (roles: readonly Role[]): Home | '/compte' => homesOf(roles)[0] ?? '/compte'

/** Whether a person with these roles may open pages for `wanted`. Only spares a detour: the server decides. */
export const mayOpen = (roles: readonly Role[], wanted: readonly Role[]): boolean =>
  wanted.some((role) => roles.includes(role))

/**
 * The address to go on to after signing in, when it is one of our own pages: a foreign one would make the sign-in
 * page a relay for phishing.
 */
export function ownAddress(wanted: string | null, origin: string): string | null {
  if (!wanted?.startsWith('/') || !URL.canParse(wanted, origin)) return null
  const address = new URL(wanted, origin)
  return address.origin === origin && address.pathname !== '/connexion'
    ? address.pathname + address.search
    : null
}
