import type { BrowserContext, Locator } from '@playwright/test'

/** A code of black and white cells as small as the strokes of text, drawn into the shared screen and read back. */
export const CODE = { columns: 48, rows: 12, cell: 6, left: 120, top: 160 } as const

/** Screens of this context are drawn: 1280×720 with lines of text, the code, and a clock that moves twice a second. */
export async function drawScreens(context: BrowserContext): Promise<void> {
  await context.addInitScript(
    ({ code }) => {
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
          for (let row = 0; row < code.rows; row += 1)
            for (let column = 0; column < code.columns; column += 1)
              if (black(column, row))
                drawing.fillRect(
                  code.left + column * code.cell,
                  code.top + row * code.cell,
                  code.cell,
                  code.cell,
                )
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
    { code: CODE },
  )
}

/** The share of cells that can still be told apart in what arrives, 0.5 being mere chance. */
export const readCode = (picture: Locator): Promise<number> =>
  picture.evaluate(
    (element, { code }) => {
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
      let right = 0
      for (let row = 0; row < code.rows; row += 1)
        for (let column = 0; column < code.columns; column += 1) {
          const x = Math.floor((code.left + (column + 0.5) * code.cell) * scale)
          const y = Math.floor((code.top + (row + 0.5) * code.cell) * scale)
          const [red = 0] = drawing.getImageData(x, y, 1, 1).data
          if (red < 128 === black(column, row)) right += 1
        }
      return right / (code.rows * code.columns)
    },
    { code: CODE },
  )
