import type { Role } from '@vigie/contract/accounts/roles'

const SECTIONS = [
  '/gestion',
  '/gestion/sessions',
  '/gestion/certifications',
  '/gestion/conservation',
] as const
export type Section = (typeof SECTIONS)[number]

/** The sections, in their order. */
export const sectionsFor = (_roles: readonly Role[]): readonly Section[] => SECTIONS

/** Whether an address lies in a section; the home of the space holds only itself. */
export const standsIn = (pathname: string, section: Section): boolean =>
  section === '/gestion' ? pathname === section : pathname === section || pathname.startsWith(`${section}/`)
