import { requireSignIn } from '#lib/accounts/guard.ts'

export const load = ({ url }: { url: URL }): Promise<void> => requireSignIn(url)
