import { minifyContractRouter } from '@orpc/contract'
import type { Plugin } from 'vite'

const NAME = 'virtual:contract-routes'

/**
 * Gives the browser the addresses and methods of the contract without its schemas: the server alone validates, and the
 * pages stay lighter by the whole of zod. Read once at the start of a build or of `npm run dev`.
 */
export function contractRoutes(): Plugin {
  return {
    name: 'vigie-contract-routes',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    async load(id) {
      if (id !== `\0${NAME}`) return null
      const { api } = await import('@vigie/contract/api')
      return `export default ${JSON.stringify(minifyContractRouter(api))}`
    },
  }
}
