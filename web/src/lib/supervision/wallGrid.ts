import type { TileSize } from './layout.svelte.ts'

/** A wall as it is laid out: which tiles, how many beside each other, and how wide each is at most, in rem. */
export interface WallGrid {
  readonly size: TileSize
  readonly columns: number
  readonly widest: number
}

interface Room {
  readonly width: number
  readonly height: number
}

interface Form {
  /** Narrower than this it cannot be read, in rem. */
  readonly narrowest: number
  /** Height of the picture by its width. */
  readonly picture: number
  /** Height of what is written under the picture, with the edges, in rem. */
  readonly written: number
  readonly gap: number
}

/** As `Tile` draws them. */
const FORMS: Readonly<Record<TileSize, Form>> = {
  large: { narrowest: 17, picture: 10 / 16, written: 6.4, gap: 0.8 },
  small: { narrowest: 10, picture: 9 / 16, written: 3.75, gap: 0.7 },
}
/** Tiles receive the small layer of a camera: wider than this it is only blurred, in rem. */
const WIDEST = 26

/**
 * The largest tiles of which all are seen at once [SUP-01]: large ones where they fit, small ones else. Where not even
 * those fit, as many columns as can be read, and the wall scrolls.
 * @param room what there is for tiles, in rem
 * @param chosen the size the proctor has asked for, if any
 */
export function wallGrid(room: Room, count: number, chosen: TileSize | null = null): WallGrid {
  const sizes: readonly TileSize[] = chosen === null ? ['large', 'small'] : [chosen]
  for (const size of sizes) {
    const fitting = allInSight(FORMS[size], room, count)
    if (fitting) return { size, ...fitting }
  }
  const size = sizes.at(-1)!
  return { size, columns: mostColumns(FORMS[size], room.width), widest: WIDEST }
}

const mostColumns = ({ narrowest, gap }: Form, width: number): number =>
  Math.max(1, Math.floor((width + gap) / (narrowest + gap)))

/** With how many columns the tiles are widest while all are in sight; null where that leaves them too narrow. */
function allInSight(form: Form, { width, height }: Room, count: number): Omit<WallGrid, 'size'> | null {
  const { gap, narrowest, picture, written } = form
  let best: Omit<WallGrid, 'size'> = { columns: 0, widest: 0 }
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns)
    const byWidth = (width - gap * (columns - 1)) / columns
    const byHeight = ((height - gap * (rows - 1)) / rows - written) / picture
    const widest = Math.min(WIDEST, byWidth, byHeight)
    // As wide, and beside each other rather than under.
    if (widest >= best.widest) best = { columns, widest }
  }
  return best.widest < narrowest ? null : best
}
