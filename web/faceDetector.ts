import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename } from 'node:path'
import type { Plugin } from 'vite'
import { describedFaceModel } from './faceModel.ts'

const NAME = 'virtual:face-detector'
const resolve = createRequire(import.meta.url).resolve

/** The engine (as a module, for a worker), its loader, and the model made ready for it. */
const FILES = {
  loader: resolve('@mediapipe/tasks-vision/vision_wasm_module_internal.js'),
  engine: resolve('@mediapipe/tasks-vision/vision_wasm_module_internal.wasm'),
  model: resolve('@mediapipe/face_detection/face_detection_short_range.tflite'),
}
type Part = keyof typeof FILES

const contentOf = (part: Part): Uint8Array => {
  const bytes = readFileSync(FILES[part])
  return part === 'model' ? describedFaceModel(bytes) : bytes
}

/**
 * Gives the page the addresses of the face detector's large parts on our own origin [CHK-14]: files with a hash in a
 * build, read from the packages in `npm run dev`. Nothing of them is in a script of the page.
 */
export function faceDetector(): Plugin {
  let built = false
  const addressInDev = (part: Part): string => `/@face-detector/${basename(FILES[part])}`
  return {
    name: 'vigie-face-detector',
    configResolved({ command }) {
      built = command === 'build'
    },
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load(id) {
      if (id !== `\0${NAME}`) return null
      const lines = (Object.keys(FILES) as Part[]).map((part) => {
        if (!built) return `export const ${part} = ${JSON.stringify(addressInDev(part))}`
        const file = this.emitFile({
          type: 'asset',
          name: basename(FILES[part]),
          source: contentOf(part),
        })
        return `export const ${part} = import.meta.ROLLUP_FILE_URL_${file}`
      })
      return lines.join('\n')
    },
    configureServer(server) {
      for (const part of Object.keys(FILES) as Part[])
        server.middlewares.use(addressInDev(part), (_request, response) => {
          const type = {
            loader: 'text/javascript',
            engine: 'application/wasm',
            model: 'application/octet-stream',
          }
          response.setHeader('content-type', type[part])
          response.end(contentOf(part))
        })
    },
  }
}
