import type { TileSize } from './layout.svelte.ts'

/**
 * A wall as it is laid out: which tiles, how many beside each other, how wide each is at most, in rem, and the height of its
 * picture by its width.
 */
export interface WallGrid {
  readonly size: TileSize
  readonly columns: number
  readonly widest: number
  readonly picture: number
}

interface Room {
  readonly width: number
  readonly height: number
}

interface Form {
  /** Narrower than this it cannot be read, in rem. */
  readonly narrowest: number
  /** Height of the picture by its width, where nothing asks for a flatter one. */
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
/** What is left beside the tiles goes to their words, as long as the picture loses no more than this of its height. */
const FLATTEST = 1.15

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
    if (fitting) return { size, ...widened(FORMS[size], room, fitting) }
  }
  const size = sizes.at(-1)!
  const { picture } = FORMS[size]
  return { size, columns: mostColumns(FORMS[size], room.width), widest: WIDEST, picture }
}

const mostColumns = ({ narrowest, gap }: Form, width: number): number =>
  Math.max(1, Math.floor((width + gap) / (narrowest + gap)))

type Fitting = Pick<WallGrid, 'columns' | 'widest'>

/** The same columns over the whole width, their pictures as high as before. */
function widened({ gap, picture }: Form, { width }: Room, { columns, widest }: Fitting) {
  const whole = (width - gap * (columns - 1)) / columns
  const wider = Math.max(widest, Math.min(WIDEST, whole, widest * FLATTEST))
  return { columns, widest: wider, picture: (picture * widest) / wider }
}

/** With how many columns the tiles are widest while all are in sight; null where that leaves them too narrow. */
function allInSight(form: Form, { width, height }: Room, count: number): Fitting | null {
  const { gap, narrowest, picture, written } = form
  let best: Fitting = { columns: 0, widest: 0 }
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
