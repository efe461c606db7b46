import { engine, loader, model } from 'virtual:face-detector'
import type { FaceBox, FromWorker, ToWorker } from './faceMessages.ts'

export interface FaceWatch {
  /** Where faces are in what the video shows now; null while the detector is not there, and for good when it cannot be. */
  see(video: HTMLVideoElement): Promise<readonly FaceBox[] | null>
  /** Ends the worker, and with it whatever it still fetches. */
  close(): void
}

/** Large enough for a face that fills a third of the frame, in pixels of width. */
const LOOK_WIDTH = 320

/** Opens the face detector in a worker of its own [CHK-14]: several megabytes, from our own origin. Never rejects. */
export function openFaceWatch(): FaceWatch {
  let worker: Worker | null = new Worker(new URL('./faceWorker.ts', import.meta.url), { type: 'module' })
  let ready = false
  let answer: ((faces: readonly FaceBox[] | null) => void) | null = null
  const tell = (message: ToWorker, transfer: Transferable[] = []) => worker?.postMessage(message, transfer)
  const settle = (faces: readonly FaceBox[] | null) => {
    answer?.(faces)
    answer = null
  }
  const close = () => {
    worker?.terminate()
    worker = null
    settle(null)
  }

  worker.addEventListener('error', close)
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === 'ready') ready = true
    else if (data.kind === 'seen') settle(data.faces)
    else close()
  })
  const absolute = (path: string) => new URL(path, location.href).href
  tell({ kind: 'open', loader: absolute(loader), engine: absolute(engine), model: absolute(model) })

  return {
    close,
    async see(video) {
      if (!ready || !worker || answer || video.videoWidth === 0) return null
      const picture = await createImageBitmap(video, {
        resizeWidth: LOOK_WIDTH,
        resizeHeight: Math.round((LOOK_WIDTH * video.videoHeight) / video.videoWidth),
      })
      return new Promise((resolve) => {
        answer = resolve
        tell({ kind: 'look', picture }, [picture])
      })
    },
  }
}
