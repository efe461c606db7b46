import { forgetStored, readStored, writeStored, type Shelf } from '#lib/platform/storage.ts'

export const TABS = ['checklist', 'chat', 'identity', 'timeline'] as const
export type Tab = (typeof TABS)[number]
export const ORDERS = ['urgency', 'name'] as const
export type WallOrder = (typeof ORDERS)[number]
export const SCOPES = ['mine', 'everyone'] as const
export type WallScope = (typeof SCOPES)[number]
export const TILE_SIZES = ['large', 'small'] as const
export type TileSize = (typeof TILE_SIZES)[number]

/** One of several values, kept in the browser; null while nobody has chosen. */
function kept<Value extends string>(values: readonly Value[], key: string, shelf: Shelf = 'local') {
  let chosen = $state<Value | null>(values.find((value) => value === readStored(key, shelf)) ?? null)
  return {
    get value(): Value | null {
      return chosen
    },
    set value(next: Value | null) {
      chosen = next
      if (next === null) forgetStored(key, shelf)
      else writeStored(key, next, shelf)
    },
  }
}

/** How a proctor has laid out the console; a reload of the tab finds it so again. */
export class Layout {
  #tab = kept(TABS, 'vigie.supervision.tab', 'tab')
  #order = kept(ORDERS, 'vigie.supervision.order')
  #scope = kept(SCOPES, 'vigie.supervision.scope', 'tab')
  #tiles = kept(TILE_SIZES, 'vigie.supervision.tiles')
  #focused = $state<string | null>(readStored('vigie.supervision.focus', 'tab'))

  /** The attempt that is open over the wall. */
  get focused(): string | null {
    return this.#focused
  }
  set focused(attempt: string | null) {
    this.#focused = attempt
    if (attempt === null) forgetStored('vigie.supervision.focus', 'tab')
    else writeStored('vigie.supervision.focus', attempt, 'tab')
  }

  get tab(): Tab {
    return this.#tab.value ?? 'checklist'
  }
  set tab(tab: Tab) {
    this.#tab.value = tab
  }

  get order(): WallOrder {
    return this.#order.value ?? 'urgency'
  }
  set order(order: WallOrder) {
    this.#order.value = order
  }

  get scope(): WallScope {
    return this.#scope.value ?? 'mine'
  }
  set scope(scope: WallScope) {
    this.#scope.value = scope
  }

  /** The size the proctor has chosen; null leaves it to the room there is. */
  get tiles(): TileSize | null {
    return this.#tiles.value
  }
  set tiles(size: TileSize | null) {
    this.#tiles.value = size
  }
}
