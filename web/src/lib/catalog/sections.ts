import type { Role } from '@vigie/contract/accounts/roles'

const SECTIONS = [
  '/gestion',
  '/gestion/sessions',
  '/gestion/certifications',
  '/gestion/conservation',
  '/gestion/sujets',
  '/gestion/personnes',
] as const
export type Section = (typeof SECTIONS)[number]

/** The sections a person may open: people and their roles are the administrators' alone. */
export const sectionsFor = (roles: readonly Role[]): Section[] =>
  SECTIONS.filter((section) => section !== '/gestion/personnes' || roles.includes('administrator'))

/** Whether an address lies in a section; the home of the space holds only itself. */
export const standsIn = (pathname: string, section: Section): boolean =>
  section === '/gestion' ? pathname === section : pathname === section || pathname.startsWith(`${section}/`)
