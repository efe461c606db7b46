import { redirect } from '@sveltejs/kit'
import type { Role } from '@vigie/contract/accounts/roles'
import { homeOf, mayOpen } from './homes.ts'
import { session } from './session.svelte.ts'

/**
 * For the `load` of a layout or page that needs somebody signed in: leads strangers to the sign-in page and back.
 * Without network the page opens and says itself what it cannot do. The server refuses on its own: this only spares
 * people a detour.
 */
export async function requireSignIn(url: URL): Promise<void> {
  const state = await session.load()
  if (state.status === 'anonymous')
    redirect(307, `/connexion?vers=${encodeURIComponent(url.pathname + url.search)}`)
}

/** Like `requireSignIn`, and leads a person of another role to their own home, staff without the second factor they need to
 * where it is set up. */
export async function requireRole(url: URL, wanted: readonly Role[]): Promise<void> {
  await requireSignIn(url)
  const { state } = session
  if (state.status !== 'signed-in' || mayOpen(state.me.roles, wanted)) return
  const { roles, factorRequired, twoFactor } = state.me
  redirect(307, factorRequired && !twoFactor ? '/compte' : homeOf(roles))
}
