/** Written by contractRoutes.ts at build time. */
declare module 'virtual:contract-routes' {
  type Routes = { readonly [name: string]: string | Routes }
  const routes: Routes
  export default routes
}
