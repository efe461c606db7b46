import { PHOTO_LIMIT, photoUploadPath, type PhotoTaken } from '@vigie/contract/evidence/photo'
import type { AttemptId } from '@vigie/exam-engine/attempt/ids'
import type { PhotoKind } from '@vigie/exam-engine/catalog/policy'
import { sendBytes } from '#lib/platform/http.ts'
import { Problem } from '#lib/platform/problem.ts'

/** From sharp to coarse: the first that fits the server's limit is sent. */
const QUALITIES = [0.92, 0.8, 0.6, 0.4]

/** The picture a video shows at this moment, as JPEG, at the camera's own size and not mirrored. */
export async function capture(video: HTMLVideoElement): Promise<Blob> {
  const canvas = document.createElement('canvas')
  canvas.width = video.videoWidth
  canvas.height = video.videoHeight
  const context = canvas.getContext('2d')
  if (!context || canvas.width === 0)
    throw new Problem('unexpected', { message: 'the camera shows nothing yet' })
  context.drawImage(video, 0, 0)
  for (const quality of QUALITIES) {
    const jpeg = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))
    if (jpeg && jpeg.size <= PHOTO_LIMIT) return jpeg
  }
  throw new Problem('too-large')
}

/** Sends a photo of the document or of the face [IDN-05]. Throws a `Problem`. */
export async function uploadPhoto(
  attempt: AttemptId,
  kind: PhotoKind,
  lease: number,
  credential: string | null,
  jpeg: Blob,
): Promise<PhotoTaken> {
  const taken = await sendBytes<PhotoTaken>({
    method: 'POST',
    path: photoUploadPath(attempt, kind, lease),
    body: jpeg,
    contentType: 'image/jpeg',
    credential,
  })
  if (!taken) throw new Problem('unexpected')
  return taken
}
