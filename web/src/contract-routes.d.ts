/** The contract's addresses and methods without its schemas; made by web/contractRoutes.ts. */
declare module 'virtual:contract-routes' {
  import type { AnyContractRouter } from '@orpc/contract'
  const routes: AnyContractRouter
  export default routes
}
