import type { Role } from '@vigie/contract/accounts/roles'

export interface DemonstrationPerson {
  readonly role: Role
  readonly name: string
  readonly email: string
}

const candidate = (name: string, email: string): DemonstrationPerson => ({ role: 'candidate', name, email })

/** Reserved domain: no letter to these addresses can ever reach anybody. */
export const DEMONSTRATION_PEOPLE: readonly DemonstrationPerson[] = [
  candidate('Camille Martin', 'camille@demo.test'),
  candidate('Noé Bernard', 'noe@demo.test'),
  candidate('Inès Petit', 'ines@demo.test'),
  candidate('Hugo Moreau', 'hugo@demo.test'),
  candidate('Awa Diallo', 'awa@demo.test'),
  candidate('Lina Garcia', 'lina@demo.test'),
  { role: 'proctor', name: 'Sacha Laurent', email: 'surveillant@demo.test' },
  { role: 'proctor', name: 'Alix Roux', email: 'surveillant2@demo.test' },
  { role: 'lead', name: 'Dominique Faure', email: 'responsable@demo.test' },
  { role: 'reviewer', name: 'Morgan Lefèvre', email: 'relecture@demo.test' },
  { role: 'registrar', name: 'Andréa Simon', email: 'gestion@demo.test' },
  { role: 'reviewer', name: 'Yael Fontaine', email: 'relecture2@demo.test' },
  { role: 'administrator', name: 'Claude Mercier', email: 'administration@demo.test' },
]

/** Known to everybody on purpose; the demonstration binds the loopback address only. */
export const DEMONSTRATION_PASSWORD = 'Vigie-demo-2026!'
