import { oc } from '@orpc/contract'
import type { Action } from './accounts/actions.ts'

export interface RouteMeta {
  readonly action: Action | null
}

/** Starts the contract of one HTTP route. The action is compulsory: without one nobody could be let in. */
export const route = (action: Action) => oc.$meta<RouteMeta>({ action })
