import type { BrowserContext, Locator } from '@playwright/test'

/**
 * Two codes of black and white cells, drawn into the shared screen and read back: one as coarse as the body of a letter,
 * one as fine as its strokes.
 */
export const CODES = {
  letters: { columns: 48, rows: 12, cell: 6, left: 120, top: 160 },
  strokes: { columns: 96, rows: 24, cell: 3, left: 520, top: 160 },
} as const
export type Code = keyof typeof CODES

/** Screens of this context are drawn: 1280×720 with lines of text, the codes, and a clock that moves twice a second. */
export async function drawScreens(context: BrowserContext): Promise<void> {
  await context.addInitScript(
    ({ codes }) => {
      // The same rule as the reader's below: what the page runs cannot be handed a function.
      const black = (column: number, row: number) => (column * 7 + row * 13 + ((column * row) % 5)) % 3 === 0
      navigator.mediaDevices.getDisplayMedia = () => {
        const canvas = document.createElement('canvas')
        canvas.width = 1280
        canvas.height = 720
        const drawing = canvas.getContext('2d')!
        const draw = () => {
          drawing.fillStyle = '#fff'
          drawing.fillRect(0, 0, 1280, 720)
          drawing.fillStyle = '#000'
          drawing.font = '17px sans-serif'
          for (let line = 0; line < 18; line += 1)
            drawing.fillText(
              `Question ${line} : ce qui est écrit ici doit pouvoir être lu.`,
              40,
              300 + line * 22,
            )
          drawing.fillText(new Date().toISOString(), 40, 60)
          for (const { columns, rows, cell, left, top } of codes)
            for (let row = 0; row < rows; row += 1)
              for (let column = 0; column < columns; column += 1)
                if (black(column, row)) drawing.fillRect(left + column * cell, top + row * cell, cell, cell)
        }
        draw()
        setInterval(draw, 500)
        const stream = canvas.captureStream(5)
        const [track] = stream.getVideoTracks()
        const settings = track!.getSettings.bind(track!)
        track!.getSettings = () => ({ ...settings(), displaySurface: 'monitor' })
        return Promise.resolve(stream)
      }
    },
    { codes: Object.values(CODES) },
  )
}

/** The share of a code's cells that can still be told apart in what arrives, 0.5 being mere chance. */
export const readCode = (picture: Locator, code: Code): Promise<number> =>
  picture.evaluate((element, { columns, rows, cell, left, top }) => {
    const black = (column: number, row: number) => (column * 7 + row * 13 + ((column * row) % 5)) % 3 === 0
    const shown = element as HTMLVideoElement | HTMLImageElement
    const [width, height] =
      shown instanceof HTMLVideoElement
        ? [shown.videoWidth, shown.videoHeight]
        : [shown.naturalWidth, shown.naturalHeight]
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    const drawing = canvas.getContext('2d', { willReadFrequently: true })!
    drawing.drawImage(shown, 0, 0)
    const scale = width / 1280
    const cells = { black: [0, 0], white: [0, 0] } as { black: [number, number]; white: [number, number] }
    for (let row = 0; row < rows; row += 1)
      for (let column = 0; column < columns; column += 1) {
        const x = Math.floor((left + (column + 0.5) * cell) * scale)
        const y = Math.floor((top + (row + 0.5) * cell) * scale)
        const [red = 0] = drawing.getImageData(x, y, 1, 1).data
        const kind = cells[black(column, row) ? 'black' : 'white']
        kind[0] += 1
        if (red < 128 === black(column, row)) kind[1] += 1
      }
    // Both colours count the same: a picture of one colour is half right, however many cells have it.
    return (cells.black[1] / cells.black[0] + cells.white[1] / cells.white[0]) / 2
  }, CODES[code])
