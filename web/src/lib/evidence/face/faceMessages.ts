/** A face in a picture, in shares of its width and height: where its box begins, and how large it is. */
export interface FaceBox {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** What the page tells the worker. */
export type ToWorker =
  | { readonly kind: 'open'; readonly loader: string; readonly engine: string; readonly model: string }
  | { readonly kind: 'look'; readonly picture: ImageBitmap }

/** What the worker tells the page: boxes, and nothing else of a picture. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'seen'; readonly faces: readonly FaceBox[] }
