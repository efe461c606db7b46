import { isContractProcedure } from '@orpc/contract'
import type { Plugin } from 'vite'

const NAME = 'virtual:contract-routes'

/** `POST /attempts/{attempt}/entry` under the name of each procedure, in the shape of the contract. */
type Routes = { [name: string]: string | Routes }

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
      return `export default ${JSON.stringify(routesOf(api))}`
    },
  }
}

/** @throws when a route asks for more than src/lib/platform/routeRequest.ts can put into a request. */
export function routesOf(contract: object): Routes {
  const parts = Object.entries(contract) as [string, object][]
  return Object.fromEntries(
    parts.map(([name, part]): [string, string | Routes] => {
      if (!isContractProcedure(part)) return [name, routesOf(part)]
      const { method, path, inputStructure = 'compact', outputStructure = 'compact' } = part['~orpc'].route
      if (!method || !path || inputStructure !== 'compact' || outputStructure !== 'compact')
        throw new Error(`the route ${name} needs a method, a path and compact structures`)
      return [name, `${method} ${path}`]
    }),
  )
}
