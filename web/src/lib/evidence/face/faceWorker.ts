import { FaceDetector } from '@mediapipe/tasks-vision'
import type { FaceBox, FromWorker, ToWorker } from './faceMessages.ts'

/**
 * Finds faces in pictures, on this computer and apart from the page [CHK-14]: where they are, never whose they are. No
 * template is made, no picture is kept, nothing is sent. The only place that may compile WebAssembly.
 */

let detector: FaceDetector | null = null

const tell = (message: FromWorker): void => postMessage(message)

async function open({ loader, engine, model }: Extract<ToWorker, { kind: 'open' }>): Promise<void> {
  detector = await FaceDetector.createFromOptions(
    { wasmLoaderPath: loader, wasmBinaryPath: engine },
    { baseOptions: { modelAssetPath: model, delegate: 'CPU' }, runningMode: 'IMAGE' },
  )
  tell({ kind: 'ready' })
}

function facesIn(picture: ImageBitmap): FaceBox[] {
  const { width, height } = picture
  const detections = detector?.detect(picture).detections ?? []
  return detections.flatMap(({ boundingBox: box }) =>
    box
      ? [
          {
            left: box.originX / width,
            top: box.originY / height,
            width: box.width / width,
            height: box.height / height,
          },
        ]
      : [],
  )
}

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'open') {
    open(data).catch(() => tell({ kind: 'failed' }))
    return
  }
  try {
    tell({ kind: 'seen', faces: facesIn(data.picture) })
  } catch {
    tell({ kind: 'failed' })
  } finally {
    data.picture.close()
  }
})
