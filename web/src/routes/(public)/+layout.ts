import { session } from '#lib/accounts/session.svelte.ts'

/** Public pages wait for nobody: who is signed in fills in by itself. */
export const load = (): void => session.greet()
