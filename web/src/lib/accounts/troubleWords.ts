import { m } from '#lib/paraglide/messages.js'
import type { Trouble } from '#lib/platform/auth.ts'

/** Why signing in, or a wish about a password, was not looked at: what happened, and what to do. */
export function troubleWords(trouble: Trouble): string {
  if (typeof trouble === 'object') return m.accounts_elsewhere(trouble)
  switch (trouble) {
    case 'too-many':
      return m.accounts_too_many()
    case 'unreachable':
      return m.accounts_unreachable()
    case 'failed':
      return m.accounts_failed()
  }
}
