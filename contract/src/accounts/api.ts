import { z } from 'zod'
import { route } from '../route.ts'
import { ROLES } from './roles.ts'

export const me = z.object({
  person: z.object({ id: z.uuid(), name: z.string(), email: z.email() }),
  roles: z.array(z.enum(ROLES)),
})
export type Me = z.infer<typeof me>

export const accountsApi = {
  /** Who is signed in, and as what; `not-signed-in` otherwise. */
  me: route('accounts.me')
    .route({ method: 'GET', path: '/me', tags: ['accounts'] })
    .output(me),
}
