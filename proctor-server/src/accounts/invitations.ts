import type { Role } from '@vigie/contract/accounts/roles'
import { DAY, type Instant } from '@vigie/kernel/instant'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/database.ts'
import { uuidv7 } from '../platform/ids.ts'
import type { JobQueue } from '../platform/jobs.ts'
import { postLetter } from '../platform/mail.ts'
import { addPerson, grantRole, hasPassword, passwordToken, personByEmail, type KnownPerson } from './store.ts'

export interface InvitationDeps {
  readonly clock: Clock
  readonly jobs: JobQueue
  readonly publicOrigin: string
}

/** How long a mailed link may be used to choose a first password; later « mot de passe oublié » gives another. */
export const LINK_DAYS = 14

/** The account of an address, made when there is none. The name of an account that exists is left as it is. */
export async function ensurePerson(
  tx: Tx,
  now: Instant,
  wanted: { readonly name: string; readonly email: string; readonly roles: readonly Role[] },
): Promise<KnownPerson & { readonly made: boolean }> {
  const email = wanted.email.toLowerCase()
  const known = await personByEmail(tx, email)
  const person = known ?? (await addPerson(tx, { id: uuidv7(now), name: wanted.name, email }))
  for (const role of wanted.roles) await grantRole(tx, person.id, role)
  return { ...person, made: known === null }
}

/** Address of a page where this person chooses a password, once, or of the sign-in page when they have one. */
export async function wayIn(
  tx: Tx,
  { clock, publicOrigin }: InvitationDeps,
  person: string,
): Promise<{ readonly address: string; readonly first: boolean }> {
  if (await hasPassword(tx, person)) return { address: `${publicOrigin}/connexion`, first: false }
  const now = clock.now()
  const token = await passwordToken(tx, { id: uuidv7(now), person, now, expiresAt: now + LINK_DAYS * DAY })
  return { address: `${publicOrigin}/mot-de-passe/${token}`, first: true }
}

/** The lines of a letter that lead in; French first, then English. */
export const waysInWords = ({ address, first }: { address: string; first: boolean }) => ({
  fr: first
    ? [`Choisissez votre mot de passe (lien valable ${LINK_DAYS} jours, une seule fois) :`, address]
    : ['Connectez-vous avec votre mot de passe habituel :', address],
  en: first
    ? [`Choose your password (link good for ${LINK_DAYS} days, once):`, address]
    : ['Sign in with your usual password:', address],
})

/** Writes to somebody who works here that they have an account, and how to come in. */
export async function inviteStaff(
  tx: Tx,
  deps: InvitationDeps,
  person: Pick<KnownPerson, 'id' | 'name' | 'email'>,
): Promise<void> {
  const words = waysInWords(await wayIn(tx, deps, person.id))
  await postLetter(deps.jobs, tx, uuidv7(deps.clock.now()), {
    to: person.email,
    subject: 'Votre accès à Vigie · Your access to Vigie',
    text: [
      `Bonjour ${person.name},`,
      '',
      'Un accès à Vigie, la surveillance d’examens à distance, a été ouvert pour vous.',
      ...words.fr,
      '',
      '—',
      '',
      'An access to Vigie, remote supervision of exams, has been opened for you.',
      ...words.en,
    ].join('\n'),
  })
}
